namespace Strake.Volumes.Tests.Csi;

/// <summary>A volume of a <see cref="FakeCsiStorage"/>.</summary>
public sealed class FakeCsiVolume
{
    public required string Name { get; init; }

    public long Capacity { get; set; }

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public Dictionary<string, string> Mutable { get; } = new(StringComparer.Ordinal);

    public bool Attached { get; set; }

    public string? Staged { get; set; }

    public HashSet<string> Published { get; } = new(StringComparer.Ordinal);

    public bool IsExpandedOnNode { get; set; }
}
