namespace Strake.Volumes;

/// <summary>A volume that is to be made from another.</summary>
/// <param name="Source">The other.</param>
/// <param name="Snapshot">Which of its snapshots; null: as it is now.</param>
/// <param name="Target">The new volume's name; null: nobody's, as of an anonymous volume.</param>
public sealed record VolumeCloneRequest(string Source, string? Snapshot, string? Target)
{
    /// <summary>The option by which clients that know only Docker's calls ask for a clone: <c>-o clone=VOLUME[@SNAPSHOT]</c>.</summary>
    public const string Option = "clone";

    /// <summary>As <see cref="VolumeRequest.DrawnName"/>.</summary>
    public VolumeName? DrawnName { get; init; }

    /// <summary>The new volume's labels; null: those of the other.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>The new volume's options, of a driver that takes others for a clone; null: those of the other.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }

    /// <summary>The clone that a request for a volume means; null: it means none. Pure.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isCopier">Whether the driver that it names makes clones, as <c>local</c> does.</param>
    /// <exception cref="StrakeException">Invalid: it names no volume, or asks for more: a clone is what its original is.</exception>
    public static VolumeCloneRequest? Of(VolumeRequest request, bool isCopier = false)
    {
        if (!request.DriverOptions.TryGetValue(Option, out string? reference) || !(isCopier || request.Driver is "" or "local"))
            return null;
        if (request.DriverOptions.Keys.FirstOrDefault(static key => key != Option) is { } other)
            throw StrakeException.Invalid($"the option \"{other}\" cannot be used together with \"{Option}\": a clone is what its original is");
        int at = reference.IndexOf('@', StringComparison.Ordinal);
        string source = at < 0 ? reference : reference[..at];
        if (!VolumeName.TryParse(source, out _))
            throw StrakeException.Invalid($"invalid {Option}: '{reference}' is not VOLUME or VOLUME@SNAPSHOT");
        string? target = string.IsNullOrEmpty(request.Name) ? null : request.Name;
        return new VolumeCloneRequest(source, at < 0 ? null : reference[(at + 1)..], target)
        {
            DrawnName = request.DrawnName,
            Labels = request.Labels,
            Driver = request.Driver,
            Attachment = request.Attachment,
        };
    }

    /// <summary>The driver that it is to have; empty: whichever its original has.</summary>
    public string Driver { get; init; } = "";

    /// <summary>Who will use the new volume, written with its making; null: nobody yet.</summary>
    public Attachment? Attachment { get; init; }
}
