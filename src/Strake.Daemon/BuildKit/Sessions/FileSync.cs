using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>Which of a client's files are wanted.</summary>
/// <param name="Directory">The client's name for a directory: <c>context</c>, <c>dockerfile</c>, or a named context.</param>
/// <remarks>
/// Patterns are those of <c>.dockerignore</c>. As metadata: buildkit <c>session/filesync/filesync.go</c>; where one of a list cannot stand in
/// a header, all of the list are percent-encoded, and a further header says so.
/// </remarks>
sealed record FileSync(string Directory)
{
    /// <summary>What is wanted; none: everything.</summary>
    public IReadOnlyList<string> IncludePatterns { get; init; } = [];

    /// <summary>What is left out of it.</summary>
    public IReadOnlyList<string> ExcludePatterns { get; init; } = [];

    /// <summary>Paths that are wanted together with all that symbolic links on the way to them lead to.</summary>
    public IReadOnlyList<string> FollowPaths { get; init; } = [];

    /// <summary>The metadata of the call.</summary>
    public GrpcMetadata ToMetadata()
    {
        var metadata = new GrpcMetadata();
        Add(metadata, "dir-name", [Directory]);
        Add(metadata, "include-patterns", IncludePatterns);
        Add(metadata, "exclude-patterns", ExcludePatterns);
        Add(metadata, "followpaths", FollowPaths);
        // To clients that would otherwise add patterns of their own.
        metadata.Add("override-excludes", "true");
        return metadata;
    }

    static void Add(GrpcMetadata metadata, string name, IReadOnlyList<string> values)
    {
        bool isPlain = values.All(IsPlain);
        foreach (string value in values) metadata.Add(name, isPlain ? value : Uri.EscapeDataString(value));
        if (!isPlain) metadata.Add(name + "-encoded", "1");
    }

    // Blanks at the ends would be lost on the way.
    static bool IsPlain(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~') && value.AsSpan().Trim().Length == value.Length;
}
