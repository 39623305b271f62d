using System.Globalization;
using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>A path of a printer column, in the part of JSONPath that definitions use: <c>.spec.size</c>, <c>.items[0]</c>, <c>.a['b.c']</c>, <c>.conditions[?(@.type=="Ready")].status</c>.</summary>
sealed class CustomPath
{
    readonly List<Func<JsonElement, JsonElement?>> steps = [];

    CustomPath()
    {
    }

    /// <summary>Reads a path; null when it is none that is known.</summary>
    public static CustomPath? Parse(string text)
    {
        var path = new CustomPath();
        ReadOnlySpan<char> rest = text.AsSpan().Trim().TrimStart('$');
        while (rest.Length > 0)
        {
            int end = rest[0] is '[' ? EndOfBracket(rest) : EndOfName(rest);
            if (end < 0) return null;
            string part = rest[..end].ToString();
            rest = rest[end..];
            if (Step(part) is not { } step) return null;
            path.steps.Add(step);
        }

        return path;
    }

    /// <summary>The value at the path; null when there is none.</summary>
    public JsonElement? Find(JsonElement document)
    {
        JsonElement? found = document;
        foreach (Func<JsonElement, JsonElement?> step in steps)
            if (found is { } there) found = step(there);
        return found;
    }

    static int EndOfName(ReadOnlySpan<char> text)
    {
        if (text[0] is not '.') return -1;
        int next = text[1..].IndexOfAny('.', '[');
        return next < 0 ? text.Length : next + 1;
    }

    static int EndOfBracket(ReadOnlySpan<char> text)
    {
        // A filter has parentheses, and in them whatever it likes.
        int end = text.StartsWith("[?(") ? text.IndexOf(")]") + 1 : text.IndexOf(']');
        return end <= 0 ? -1 : end + 1;
    }

    static Func<JsonElement, JsonElement?>? Step(string part)
    {
        if (part[0] is '.') return Member(part[1..].Replace("\\", "", StringComparison.Ordinal));
        string inside = part[1..^1];
        if (inside.StartsWith("?(", StringComparison.Ordinal)) return Filter(inside[2..^1]);
        if (inside.Length > 1 && inside[0] is '\'' or '"') return Member(inside[1..^1]);
        return int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? list => list.ValueKind is JsonValueKind.Array && index < list.GetArrayLength() ? list[index] : null
            : null;
    }

    static Func<JsonElement, JsonElement?> Member(string name) => item => item.At(name);

    // @.type=="Ready"
    static Func<JsonElement, JsonElement?>? Filter(string condition)
    {
        string[] sides = condition.Split("==", StringSplitOptions.TrimEntries);
        if (sides.Length != 2 || !sides[0].StartsWith("@.", StringComparison.Ordinal) || Parse(sides[0][1..]) is not { } path) return null;
        string wanted = sides[1].Trim('\'', '"');
        return list => list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Cast<JsonElement?>().FirstOrDefault(item => path.Find(item!.Value)?.ToString() == wanted)
            : null;
    }
}
