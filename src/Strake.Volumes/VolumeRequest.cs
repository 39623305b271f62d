using System.Collections.ObjectModel;

namespace Strake.Volumes;

/// <summary>What somebody wants a volume to be.</summary>
/// <param name="Name">Its name; null or empty for an anonymous volume.</param>
public sealed record VolumeRequest(string? Name)
{
    /// <summary>
    /// The name that it gets where nobody gave it one, drawn beforehand by who wants to have written it down before the volume is there;
    /// null: it is drawn when the volume is made. Not looked at where <see cref="Name"/> says one.
    /// </summary>
    public VolumeName? DrawnName { get; init; }

    /// <summary>The volume driver; empty: the one that has a volume of this name, and <c>local</c> where none has.</summary>
    public string Driver { get; init; } = "";

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
