using Strake.Containers.Mounts;

namespace Strake.Containers.Engine;

/// <summary>A container that has been checked and not been made.</summary>
/// <param name="Container">The container; its name, layer and mounts come later.</param>
/// <param name="Mounts">Its mounts.</param>
/// <param name="LentVolumes">Names of volumes that nobody named and that it has from other containers (<c>--volumes-from</c>).</param>
/// <param name="SizeLimitBytes">The most that its layer may hold; null: what the disk has.</param>
sealed record ContainerDraft(Container Container, IReadOnlyList<PlannedMount> Mounts, IReadOnlyList<string> LentVolumes, long? SizeLimitBytes)
{
    /// <summary>Names of volumes that nobody named and that are made for it.</summary>
    public IReadOnlyList<string> OwnVolumes { get; } = [.. Mounts.Select(static mount => mount.Volume?.DrawnName?.ToString()).OfType<string>()];
}
