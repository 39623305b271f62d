namespace Strake.Containers.Files;

/// <summary>A path in a container as a user wrote it, made absolute and clean. What it means there only the kernel decides.</summary>
/// <remarks>
/// Docker keeps a trailing <c>/</c> and <c>/.</c>, for they ask for what a link leads to, and <c>/.</c> for a directory's
/// content without its name.
/// </remarks>
sealed record ContainerFilePath
{
    ContainerFilePath(string path, string parent, string name, bool wantsDirectory, bool wantsContent)
    {
        Path = path;
        Parent = parent;
        Name = name;
        WantsDirectory = wantsDirectory;
        WantsContent = wantsContent;
    }

    /// <summary>The clean absolute path, without a trailing slash but for the root.</summary>
    public string Path { get; }

    /// <summary>The directory that holds it; the root's is the root.</summary>
    public string Parent { get; }

    /// <summary>Its last element; <c>/</c> for the root.</summary>
    public string Name { get; }

    /// <summary>Whether it must be a directory, and a link is followed.</summary>
    public bool WantsDirectory { get; }

    /// <summary>Whether a directory's content is meant and not the directory.</summary>
    public bool WantsContent { get; }

    /// <summary>Parses a path; <c>..</c> at the top stays there.</summary>
    /// <param name="text">Absolute, or relative to the container's root.</param>
    /// <exception cref="StrakeException">Invalid: empty, or with a NUL.</exception>
    public static ContainerFilePath Parse(string text)
    {
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
            throw StrakeException.Invalid("a path in a container must not be empty and must not contain NUL");

        var names = new List<string>();
        foreach (string name in text.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..")
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            else if (name != ".")
                names.Add(name);
        }

        bool content = text.EndsWith("/.", StringComparison.Ordinal) || text == ".";
        bool directory = content || text.EndsWith('/') || text.EndsWith("/..", StringComparison.Ordinal);
        return names.Count == 0
            ? new ContainerFilePath("/", "/", "/", wantsDirectory: true, content)
            : new ContainerFilePath("/" + string.Join('/', names), "/" + string.Join('/', names.SkipLast(1)), names[^1], directory, content);
    }
}
