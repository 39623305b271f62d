using Strake.Volumes;

namespace Strake.Containers.Mounts;

/// <summary>A mount that a container will have, and the volume that has to be there for it.</summary>
/// <param name="Point">The mount; its source is not known yet where it is a volume.</param>
/// <param name="Volume">The volume to be made or found; null for other types.</param>
/// <param name="Image">The image that is mounted, as named; null for other types.</param>
/// <param name="SourceMustExist">Whether a bind's missing source is an error already when the container is made.</param>
sealed record PlannedMount(MountPoint Point, VolumeRequest? Volume, string? Image = null, bool SourceMustExist = false)
{
    /// <summary>Whether nobody named the volume.</summary>
    public bool IsAnonymous => Volume is { Name: null or "" };

    /// <summary>The same mount, and where nobody named its volume a name for it: what is made for a container is written down before it is there.</summary>
    public PlannedMount WithName() => IsAnonymous ? this with { Volume = Volume! with { DrawnName = VolumeName.Anonymous() } } : this;
}
