using System.Text.Json.Serialization;

namespace Strake.Images;

/// <summary>One image in <c>manifest.json</c> of a docker-archive.</summary>
sealed record DockerArchiveItem
{
    /// <summary>Name of the config's file.</summary>
    public string? Config { get; init; }

    /// <summary>Familiar references; null when it has none, and written so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<string>? RepoTags { get; init; }

    /// <summary>Names of the layers' files, lowest first.</summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>ID of the image that it was made from, if the archive holds that, too.</summary>
    public string? Parent { get; init; }

    /// <summary>What the layers are, by DiffID; for those who read the archive as an OCI layout.</summary>
    public IReadOnlyDictionary<string, Descriptor>? LayerSources { get; init; }
}
