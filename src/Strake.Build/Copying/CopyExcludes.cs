namespace Strake.Build;

/// <summary>The patterns of <c>--exclude</c>.</summary>
/// <param name="patterns">The patterns, by which the last that fits decides; <c>!</c> takes files back in.</param>
sealed class CopyExcludes(IReadOnlyList<string> patterns)
{
    /// <summary>Whether files below an excluded directory may be taken nevertheless.</summary>
    public bool MayIncludeBelow { get; } = patterns.Any(static pattern => pattern.StartsWith('!'));

    /// <summary>Whether a path is left out.</summary>
    /// <param name="path">Relative to the source.</param>
    /// <param name="isDirectory">Whether it is a directory.</param>
    public bool Excludes(string path, bool isDirectory)
    {
        var excluded = false;
        foreach (var pattern in patterns)
        {
            var negated = pattern.StartsWith('!');
            var cleaned = BytePath.Clean(negated ? pattern[1..] : pattern);
            if (excluded == !negated || !Fits(cleaned.Split('/'), path.Split('/'))) continue;
            excluded = !negated;
        }

        return excluded;
    }

    // A pattern that fits a directory fits what is in it.
    static bool Fits(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty) return true;
        if (pattern[0] == "**")
        {
            for (var skip = 0; skip <= path.Length; skip++)
            {
                if (Fits(pattern[1..], path[skip..]) && (pattern.Length > 1 || skip < path.Length)) return true;
            }

            return false;
        }

        return !path.IsEmpty && Wildcard.Matches(pattern[0], path[0]) && Fits(pattern[1..], path[1..]);
    }
}
