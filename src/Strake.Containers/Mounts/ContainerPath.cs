namespace Strake.Containers.Mounts;

/// <summary>Paths as a container sees them: absolute, separated by slashes.</summary>
static class ContainerPath
{
    /// <summary>
    /// The shortest text of the same path: no empty and no <c>.</c> components, <c>..</c> taken with what stands before it and
    /// stopped at the root. Pure: links are not looked at.
    /// </summary>
    /// <param name="path">A path; a relative one is taken from the root.</param>
    public static string Clean(string path)
    {
        List<string> components = [];
        foreach (string component in path.Split('/'))
        {
            switch (component)
            {
                case "" or ".":
                    break;
                case "..":
                    if (components.Count > 0)
                        components.RemoveAt(components.Count - 1);
                    break;
                default:
                    components.Add(component);
                    break;
            }
        }

        return "/" + string.Join('/', components);
    }

    /// <summary>The number of names in a clean path; parents have fewer than what is below them.</summary>
    public static int Depth(string path) => path == "/" ? 0 : path.Count(static c => c == '/');

    /// <summary>Whether a clean path is another or lies below it.</summary>
    public static bool IsAtOrBelow(string path, string directory) =>
        directory == "/" || path == directory || path.StartsWith(directory + "/", StringComparison.Ordinal);
}
