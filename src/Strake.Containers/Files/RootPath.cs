using System.Text;
using Strake.Containers.Mounts;
using Strake.Linux;

namespace Strake.Containers;

/// <summary>Where a path leads within a container's root file system, links followed as its processes would.</summary>
static class RootPath
{
    // As many as the kernel follows (MAXSYMLINKS).
    const int MaxLinks = 40;

    /// <summary>
    /// The path without links. What does not exist stays as it is written: a name there can be made, and leads nowhere else.
    /// The answer is as of now; who acts on it does so through the kernel's own check (openat2).
    /// </summary>
    /// <param name="root">The root file system.</param>
    /// <param name="path">A path in the container.</param>
    /// <exception cref="StrakeException">Invalid: too many links.</exception>
    public static string Resolve(RootedDirectory root, string path)
    {
        Queue<string> rest = new(Names(path));
        List<string> resolved = [];
        int links = 0;
        while (rest.TryDequeue(out string? name))
        {
            if (name == "..")
            {
                if (resolved.Count > 0)
                    resolved.RemoveAt(resolved.Count - 1);
                continue;
            }

            string candidate = "/" + string.Join('/', resolved.Append(name));
            if (LinkAt(root, candidate) is not { } target)
            {
                resolved.Add(name);
                continue;
            }

            if (++links > MaxLinks)
                throw StrakeException.Invalid($"too many links in the container's path {path}");
            if (target.StartsWith('/'))
                resolved.Clear();
            rest = new Queue<string>(Names(target).Concat(rest));
        }

        return ContainerPath.Clean(string.Join('/', resolved));
    }

    static IEnumerable<string> Names(string path) => path.Split('/').Where(static name => name is not ("" or "."));

    static string? LinkAt(RootedDirectory root, string path)
    {
        using var file = root.TryOpenFile(path, OpenFlags.Path | OpenFlags.NoFollow);
        // An empty path means the link that the descriptor is (readlinkat(2)).
        return file is not null && Syscall.TryReadLinkAt(file, "\0"u8) is { } target ? Encoding.UTF8.GetString(target) : null;
    }
}
