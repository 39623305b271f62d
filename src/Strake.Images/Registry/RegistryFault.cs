using System.Net;
using System.Text.Json;

namespace Strake.Images;

/// <summary>What a registry said when it refused (distribution specification, "Error Codes"). Pure.</summary>
/// <param name="Code">Such as <c>MANIFEST_UNKNOWN</c>; empty when the answer was no error of a registry.</param>
/// <param name="Message">In words, with the code, as Docker shows it.</param>
sealed record RegistryFault(string Code, string Message)
{
    /// <summary>The most of an answer that is read for its words, in bytes.</summary>
    public const int MostBytes = 64 << 10;

    const int MostErrors = 8;
    const int MostText = 500;

    /// <summary>Reads the body of a refusal.</summary>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">At most <see cref="MostBytes"/> of it.</param>
    public static RegistryFault Parse(HttpStatusCode status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            if (document.RootElement.ValueKind == JsonValueKind.Object && Listed(document.RootElement) is { } listed) return listed;
        }
        catch (JsonException)
        {
            // A page of a proxy, most likely. Its first words may still tell a person something.
        }

        var words = Printable(System.Text.Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MostText)]));
        return new RegistryFault("", words.Length == 0 ? StatusWords(status) : $"{StatusWords(status)}: {words}");
    }

    /// <summary>An answer that had no body, or must not have had that status.</summary>
    public static RegistryFault Of(HttpStatusCode status) => new(
        status switch { HttpStatusCode.Unauthorized => "UNAUTHORIZED", HttpStatusCode.Forbidden => "DENIED", _ => "" }, StatusWords(status));

    static RegistryFault? Listed(JsonElement root)
    {
        if (root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0)
        {
            var all = errors.EnumerateArray().Take(MostErrors).Select(One).ToList();
            return new RegistryFault(all[0].Code, string.Join("; ", all.Select(e => e.Message)));
        }

        // Token servers, and registries of old, say it shorter.
        foreach (var name in (string[])["details", "message", "error_description", "error"])
        {
            if (Text(root, name) is { Length: > 0 } words) return new RegistryFault("", words);
        }

        return null;
    }

    // Go's errcode.Error: the code in words, then the message.
    static RegistryFault One(JsonElement error)
    {
        var code = error.ValueKind == JsonValueKind.Object ? Text(error, "code") : "";
        var message = error.ValueKind == JsonValueKind.Object ? Text(error, "message") : "";
        var words = code.ToLowerInvariant().Replace('_', ' ');
        return new RegistryFault(code, message.Length == 0 ? words : words.Length == 0 ? message : $"{words}: {message}");
    }

    static string Text(JsonElement from, string name)
    {
        if (!from.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return "";
        try
        {
            var text = Printable(value.GetString() ?? "");
            return text.Length > MostText ? text[..MostText] : text;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: JSON allows it and text does not.
            return "";
        }
    }

    // It ends up in terminals.
    static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    static string StatusWords(HttpStatusCode status) => $"status {(int)status} {status}";
}
