using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>What COPY or ADD is to do, variables put in.</summary>
sealed record CopyRequest
{
    /// <summary>What is taken: clean paths, which may have wildcards.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Whether wildcards in them mean themselves.</summary>
    public bool IsLiteral { get; init; }

    /// <summary>Files that the Dockerfile has the content of: name and bytes.</summary>
    public IReadOnlyList<InlineFile> Inline { get; init; } = [];

    /// <summary>Where it goes: a clean path.</summary>
    public required string Destination { get; init; }

    /// <summary>Whether the destination is a directory even where there is none yet: it was written with a slash at its end.</summary>
    public bool IntoDirectory { get; init; }

    /// <summary>Patterns of what is left out, relative to each source.</summary>
    public IReadOnlyList<string> Excludes { get; init; } = [];

    /// <summary>Whether the directories above the files, from the last <c>/./</c> of a source on, are kept.</summary>
    public bool KeepsParents { get; init; }

    /// <summary>Whether tars are unpacked.</summary>
    public bool Unpacks { get; init; }

    /// <summary><c>user[:group]</c>, names or numbers; null: what the source says.</summary>
    public string? Owner { get; init; }

    /// <summary>The mode of what is copied; null: what the source says.</summary>
    public ModeChange? Mode { get; init; }

    /// <summary>Whether nothing of the file system below matters.</summary>
    public bool IsLinked { get; init; }

    /// <summary>The latest time that files may have; null: any.</summary>
    public TarTime? Latest { get; init; }
}
