using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>A volume that a CSI driver makes for one pod.</summary>
/// <param name="Driver">The driver.</param>
/// <param name="Handle">What it is to call it.</param>
/// <param name="Path">Where it is to be: absolute, in a directory that is there.</param>
public sealed record InlineVolume(string Driver, string Handle, string Path)
{
    /// <summary>The file system; empty for the driver's choice.</summary>
    public string FsType { get; init; } = "";

    /// <summary>Whether it can only be read.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The group of its files; empty for none.</summary>
    public string Group { get; init; } = "";

    /// <summary>What the driver is told of it, and of the pod where it wants that.</summary>
    public TextMap Attributes { get; init; } = TextMap.Empty;

    /// <summary>What it must know and nobody else.</summary>
    public TextMap Secrets { get; init; } = TextMap.Empty;
}
