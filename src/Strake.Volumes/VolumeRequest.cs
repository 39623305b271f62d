using System.Collections.ObjectModel;

namespace Strake.Volumes;

/// <summary>What somebody wants a volume to be.</summary>
/// <param name="Name">Its name; null or empty for an anonymous volume.</param>
public sealed record VolumeRequest(string? Name)
{
    /// <summary>The volume driver; <c>local</c> unless said otherwise.</summary>
    public string Driver { get; init; } = "local";

    /// <summary>Options for the driver.</summary>
    public IReadOnlyDictionary<string, string> DriverOptions { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// Who will use the volume: written in the transaction that makes it, so that a volume made for a container is
    /// never without its user, whatever is killed in between. Null: nobody yet.
    /// </summary>
    public Attachment? Attachment { get; init; }
}
