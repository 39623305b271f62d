namespace Strake.Build;

/// <summary>The files that a COPY or ADD takes from its source, before it is known where they go.</summary>
/// <param name="Tops">What was named, in the order in which it was.</param>
sealed record CopySelection(IReadOnlyList<SelectedTop> Tops)
{
    /// <summary>Finds the files.</summary>
    /// <param name="tree">The source.</param>
    /// <param name="request">What is wanted of it.</param>
    /// <exception cref="StrakeException">NotFound: there is no such file. Invalid: a malformed pattern.</exception>
    public static CopySelection Of(ISourceTree tree, CopyRequest request)
    {
        var excludes = IgnoreRules.Of(request.Excludes);
        List<SelectedTop> tops = [];
        foreach (var source in request.Sources)
        {
            var pivot = PivotOf(source, request.KeepsParents);
            foreach (var path in request.IsLiteral ? [BytePath.Clean(source)] : PathsOf(tree, BytePath.Clean(source)))
            {
                var top = tree.Find(SourceLinks.Resolve(tree, path)) ?? throw Missing(path);
                if (!top.IsDirectory && excludes.IsIgnored(BytePath.Bytes(BytePath.Name(path)))) continue;
                tops.Add(new SelectedTop(tree, path, pivot, top, top.IsDirectory ? Below(tree, top.Path, excludes) : [], request.Unpacks));
            }
        }

        return new CopySelection(tops);
    }

    /// <summary>All of a tree.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="request">What is left out of it.</param>
    public static CopySelection Whole(ISourceTree tree, CopyRequest request) =>
        new([new SelectedTop(tree, "", "", tree.Find("")!, Below(tree, "", IgnoreRules.Of(request.Excludes)))]);

    /// <summary>The error for a source that is not there, in BuildKit's words.</summary>
    public static StrakeException Missing(string path) =>
        StrakeException.NotFound($"\"/{BytePath.Show(path)}\": not found");

    static string PivotOf(string source, bool keepsParents)
    {
        if (!keepsParents) return "";
        var at = source.LastIndexOf("/./", StringComparison.Ordinal);
        return at < 0 ? "" : BytePath.Clean(source[..at]);
    }

    // A pattern that nothing is like is fine, as with BuildKit: "COPY yarn.lock* ./" is how users say "if it is there".
    static IEnumerable<string> PathsOf(ISourceTree tree, string source)
    {
        if (!PathPattern.HasWildcards(source)) return [source];
        IEnumerable<string> found = [""];
        foreach (var part in source.Split('/'))
        {
            found = part == "**" ? found.SelectMany(path => AllDirectories(tree, path)).Distinct(StringComparer.Ordinal)
                : PathPattern.HasWildcards(part) ? found.SelectMany(path => Matching(tree, path, part))
                : found.Select(path => BytePath.Join(path, part)).Where(path => tree.Find(SourceLinks.Resolve(tree, path)) is not null);
        }

        return [.. found];
    }

    static IEnumerable<string> Matching(ISourceTree tree, string directory, string part)
    {
        var pattern = PathPattern.Glob(BytePath.Text(part));
        return tree.List(SourceLinks.Resolve(tree, directory)).Select(static file => BytePath.Name(file.Path)).Where(name => pattern.IsMatch(BytePath.Bytes(name)))
            .Select(name => BytePath.Join(directory, name));
    }

    static IEnumerable<string> AllDirectories(ISourceTree tree, string directory)
    {
        yield return directory;
        foreach (var below in tree.List(directory).Where(static file => file.IsDirectory))
        {
            foreach (var path in AllDirectories(tree, below.Path)) yield return path;
        }
    }

    static List<SelectedFile> Below(ISourceTree tree, string top, IgnoreRules excludes)
    {
        List<SelectedFile> files = [];
        var pending = new Stack<string>([top]);
        while (pending.TryPop(out var directory))
        {
            foreach (var file in tree.List(directory))
            {
                var relative = top.Length == 0 ? file.Path : file.Path[(top.Length + 1)..];
                var bytes = excludes.Rules.Count == 0 ? [] : BytePath.Bytes(relative);
                if (!excludes.IsIgnored(bytes)) files.Add(new SelectedFile(relative, file));
                if (file.IsDirectory && !excludes.CanSkip(bytes)) pending.Push(file.Path);
            }
        }

        files.Sort(static (x, y) => string.CompareOrdinal(x.Relative, y.Relative));
        return files;
    }
}
