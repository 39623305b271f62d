namespace Strake.Containers;

/// <summary>Options of a mounted volume.</summary>
public sealed record VolumeOptions
{
    /// <summary>Whether the image's content at the target is not copied into an empty volume.</summary>
    public bool NoCopy { get; init; }

    /// <summary>Labels for the volume if it is made.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>A directory of the volume that is mounted in place of its root.</summary>
    public string? Subpath { get; init; }

    /// <summary>Driver and its options if the volume is made.</summary>
    public VolumeDriverSettings? DriverConfig { get; init; }
}
