namespace Strake.Conformance.Layers;

/// <summary>What changed between two trees, found by looking at all of both: what drivers and <c>LayerDiff</c> are compared with.</summary>
public static class TreeOracle
{
    /// <summary>The changes as <c>docker diff</c> prints them, sorted by path: <c>C /d</c>, <c>A /d/new</c>, <c>D /d/old</c>.</summary>
    /// <param name="before">The older tree, without times of directories.</param>
    /// <param name="after">The newer one.</param>
    /// <remarks>
    /// A directory in which something changed is changed itself, up to the root, which is never told of. What was in a directory that is gone
    /// is not told apart.
    /// </remarks>
    public static IReadOnlyList<string> Changes(SortedDictionary<string, string> before, SortedDictionary<string, string> after)
    {
        var changes = new SortedDictionary<string, char>(StringComparer.Ordinal);
        foreach (var (path, file) in after)
        {
            if (path == ".") continue;
            if (!before.TryGetValue(path, out var old) || !WasThere(before, after, path)) changes[path] = 'A';
            else if (!string.Equals(file, old, StringComparison.Ordinal)) changes[path] = 'C';
        }

        foreach (var (path, _) in before)
        {
            if (!after.ContainsKey(path) && WasThere(before, after, path)) changes[path] = 'D';
        }

        foreach (var path in changes.Keys.ToList())
        {
            for (var above = ParentOf(path); above.Length > 0; above = ParentOf(above)) changes.TryAdd(above, 'C');
        }

        return [.. changes.Select(change => $"{change.Value} /{change.Key}")];
    }

    // Whether all directories above a path are directories in both trees: else it went, or came, with one of them.
    static bool WasThere(SortedDictionary<string, string> before, SortedDictionary<string, string> after, string path)
    {
        for (var above = ParentOf(path); above.Length > 0; above = ParentOf(above))
        {
            if (!IsDirectory(before, above) || !IsDirectory(after, above)) return false;
        }

        return true;
    }

    static bool IsDirectory(SortedDictionary<string, string> tree, string path) =>
        tree.TryGetValue(path, out var file) && file.StartsWith("Directory ", StringComparison.Ordinal);

    static string ParentOf(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";
}
