using System.Diagnostics.CodeAnalysis;

namespace Strake.Daemon.Server;

/// <summary>
/// A path with holes: <c>/containers/{id}/json</c>. A hole takes one segment; <c>{name...}</c> takes one or more, as image names have
/// slashes, and leaves what follows it to the literal segments behind.
/// </summary>
sealed class RouteTemplate
{
    readonly string[] segments;
    readonly int greedy;

    /// <summary>Parses a template.</summary>
    /// <param name="text">Segments with a leading slash; at most one greedy hole.</param>
    public RouteTemplate(string text)
    {
        Text = text;
        segments = text.TrimStart('/').Split('/');
        greedy = Array.FindIndex(segments, segment => segment.EndsWith("...}", StringComparison.Ordinal));
    }

    /// <summary>The template as written; names the route in logs.</summary>
    public string Text { get; }

    /// <summary>The first segment, which is never a hole.</summary>
    public string FirstSegment => segments[0];

    /// <summary>Compares a path and takes out what stands in the holes.</summary>
    /// <param name="path">The path's segments, undecoded slashes excepted decoded.</param>
    /// <param name="values">What stands in the holes, by name; null when the path is another.</param>
    public bool TryMatch(ReadOnlySpan<string> path, [NotNullWhen(true)] out RouteValues? values)
    {
        values = null;
        int extra = path.Length - segments.Length;
        if (extra < 0 || (extra > 0 && greedy < 0)) return false;
        var found = new RouteValues();
        for (int i = 0, at = 0; i < segments.Length; i++)
        {
            int width = i == greedy ? extra + 1 : 1;
            if (!TryTake(segments[i], path.Slice(at, width), found)) return false;
            at += width;
        }

        values = found;
        return true;
    }

    static bool TryTake(string segment, ReadOnlySpan<string> part, RouteValues found)
    {
        if (segment[0] != '{') return string.Equals(segment, part[0], StringComparison.Ordinal);
        string value = string.Join('/', part!);
        if (value.Length == 0) return false;
        // Kestrel leaves an encoded slash in the path as it is; SDKs encode the slashes of image names.
        found.Add(segment.Trim('{', '}').TrimEnd('.'), value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        return true;
    }
}
