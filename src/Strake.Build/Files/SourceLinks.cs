namespace Strake.Build;

/// <summary>Follows symbolic links within a tree, whose root no link leads out of.</summary>
static class SourceLinks
{
    // As many as the kernel follows (MAXSYMLINKS).
    const int Most = 40;

    /// <summary>The path that a path leads to, through all links.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="path">A clean path.</param>
    /// <param name="followLast">Whether a link at the end is followed too.</param>
    /// <returns>A path with no link above its last name; it may lead to nothing.</returns>
    /// <exception cref="StrakeException">Invalid: the links go round in a circle.</exception>
    public static string Resolve(ISourceTree tree, string path, bool followLast = true)
    {
        var remaining = new LinkedList<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        var done = "";
        var followed = 0;
        while (remaining.First is { Value: var name })
        {
            remaining.RemoveFirst();
            if (name == ".") continue;
            if (name == "..")
            {
                done = BytePath.Parent(done);
                continue;
            }

            var next = BytePath.Join(done, name);
            if ((remaining.Count == 0 && !followLast) || tree.Find(next) is not { IsLink: true } link)
            {
                done = next;
                continue;
            }

            if (++followed > Most) throw StrakeException.Invalid($"{BytePath.Show(path)}: too many levels of symbolic links");
            var target = BytePath.Of(link.Entry.LinkName.Span);
            if (target.StartsWith('/')) done = "";
            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()) remaining.AddFirst(part);
        }

        return done;
    }
}
