using Strake.Containers.Mounts;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Mounts a container's volumes for a run, or for a look at its files, and lets go of them after it.</summary>
sealed class ContainerVolumes(EngineContext context)
{
    /// <summary>Mounts them; sources of binds that are not there (any more) are made, as Docker does.</summary>
    /// <param name="unit">The container; it does not run.</param>
    /// <returns>All mounts of the container, the sources of volumes known.</returns>
    /// <exception cref="StrakeException">A volume cannot be mounted; those before it are.</exception>
    public async Task<IReadOnlyList<MountPoint>> MountAsync(ContainerUnit unit)
    {
        List<MountPoint> mounts = [];
        foreach (MountPoint mount in unit.Container.Mounts)
        {
            switch (mount.Type)
            {
                case MountRules.Volume:
                    string path = await context.Volumes.Uses.MountAsync(mount.Name, unit.Holder, CancellationToken.None);
                    mounts.Add(mount with { Source = path });
                    break;
                case MountRules.Bind:
                    if (!Path.Exists(mount.Source))
                        Directory.CreateDirectory(mount.Source, Permissions.Octal0755);
                    mounts.Add(mount);
                    break;
                default:
                    mounts.Add(mount);
                    break;
            }
        }

        return mounts;
    }

    /// <summary>Lets go of them; those that are not mounted are passed over.</summary>
    public async Task UnmountAsync(ContainerUnit unit)
    {
        foreach (MountPoint mount in unit.Container.Mounts.Where(static mount => mount.Type == MountRules.Volume))
            await context.Volumes.Uses.UnmountAsync(mount.Name, unit.Holder, CancellationToken.None);
    }
}
