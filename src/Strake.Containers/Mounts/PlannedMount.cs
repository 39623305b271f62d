using Strake.Volumes;

namespace Strake.Containers.Mounts;

/// <summary>A mount that a container will have, and the volume that has to be there for it.</summary>
/// <param name="Point">The mount; its source is not known yet where it is a volume.</param>
/// <param name="Volume">The volume to be made or found; null for other types.</param>
/// <param name="SourceMustExist">Whether a bind's missing source is an error already when the container is made.</param>
sealed record PlannedMount(MountPoint Point, VolumeRequest? Volume, bool SourceMustExist)
{
    /// <summary>Whether nobody named the volume: it is given a name when it is made.</summary>
    public bool IsAnonymous => Volume is { Name: null or "" };
}
