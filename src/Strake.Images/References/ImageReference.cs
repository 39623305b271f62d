using System.Diagnostics.CodeAnalysis;

namespace Strake.Images;

/// <summary>
/// The name of an image: a repository, and within it a tag, a digest, both or none. Always in normal form: the registry is
/// spelled out (<c>docker.io</c>) and so is Docker Hub's folder of official images (<c>library/</c>).
/// </summary>
/// <remarks>
/// The grammar is Docker's (distribution, "reference"): <c>[domain/]path[:tag][@digest]</c>. Only SHA-256 digests are accepted.
/// </remarks>
/// <example><code>
/// ImageReference.Parse("busybox").OrLatest().ToString();          // docker.io/library/busybox:latest
/// ImageReference.Parse("docker.io/library/busybox:1").Familiar;   // busybox:1
/// </code></example>
public sealed record ImageReference
{
    /// <summary>The registry that a name without one means.</summary>
    public const string DefaultDomain = "docker.io";

    /// <summary>The tag that a name without one means.</summary>
    public const string DefaultTag = "latest";

    /// <summary>The longest name (domain and path), in characters.</summary>
    public const int NameLength = 255;

    internal ImageReference(string domain, string path, string? tag, Digest? digest)
    {
        Domain = domain;
        Path = path;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>The registry's host, with its port if it has one.</summary>
    public string Domain { get; }

    /// <summary>The repository within the registry, such as <c>library/busybox</c>.</summary>
    public string Path { get; }

    /// <summary>The tag; null when none was written.</summary>
    public string? Tag { get; private init; }

    /// <summary>The digest; null when none was written.</summary>
    public Digest? Digest { get; private init; }

    /// <summary>Domain and path: the repository's full name.</summary>
    public string Name => $"{Domain}/{Path}";

    /// <summary>The repository's name as users write it: without <c>docker.io/</c> and <c>library/</c>.</summary>
    public string FamiliarName => ReferenceNormalForm.FamiliarName(Domain, Path);

    /// <summary>The whole reference as users write and Docker shows it.</summary>
    public string Familiar => FamiliarName + Suffix;

    /// <summary>True when neither tag nor digest were written.</summary>
    public bool IsNameOnly => Tag is null && Digest is null;

    string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is { } digest ? "@" + digest : "");

    /// <summary>Parses what a user, an API call or an archive wrote, and brings it into normal form.</summary>
    /// <param name="text">Such as <c>busybox</c>, <c>ghcr.io/a/b:1</c>, <c>localhost:5000/x@sha256:…</c>.</param>
    /// <exception cref="StrakeException">
    /// Invalid, in Docker's words: <c>invalid reference format</c>, <c>… repository name (X) must be lowercase</c> and so on.
    /// </exception>
    public static ImageReference Parse(string text) =>
        ReferenceNormalForm.Parse(text, out var fault) ?? throw StrakeException.Invalid(fault);

    /// <summary>Parses like <see cref="Parse"/>, for texts that may be something else, such as an ID.</summary>
    /// <param name="text">The candidate; null is none.</param>
    /// <param name="reference">The reference in normal form.</param>
    /// <returns>Whether <paramref name="text"/> is a reference.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = text is null ? null : ReferenceNormalForm.Parse(text, out _);
        return reference is not null;
    }

    /// <summary>This reference, tagged <c>latest</c> if it has neither tag nor digest.</summary>
    public ImageReference OrLatest() => IsNameOnly ? this with { Tag = DefaultTag } : this;

    /// <summary>The same repository with another tag and without a digest.</summary>
    /// <param name="tag">The tag.</param>
    /// <exception cref="StrakeException">Invalid: <c>invalid tag format</c>.</exception>
    public ImageReference WithTag(string tag) => ReferenceGrammar.IsTag(tag)
        ? this with { Tag = tag, Digest = null }
        : throw StrakeException.Invalid("invalid tag format");

    /// <summary>The same repository with a digest and without a tag.</summary>
    /// <param name="digest">The digest.</param>
    public ImageReference WithDigest(Digest digest) => this with { Tag = null, Digest = digest };

    /// <summary>The same repository and digest, if there is one, without a tag.</summary>
    public ImageReference WithoutTag() => this with { Tag = null };

    /// <summary>The reference in normal form: parsing it gives an equal one.</summary>
    public override string ToString() => Name + Suffix;
}
