using Strake.Containers.Mounts;

namespace Strake.Containers.Engine;

/// <summary>A container that has been checked and not been made.</summary>
/// <param name="Container">The container; its name, layer and mounts come later.</param>
/// <param name="Mounts">Its mounts.</param>
/// <param name="SizeLimitBytes">The most that its layer may hold; null: what the disk has.</param>
sealed record ContainerDraft(Container Container, IReadOnlyList<PlannedMount> Mounts, long? SizeLimitBytes);
