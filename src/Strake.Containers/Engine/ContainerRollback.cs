using Strake.Layers;
using Strake.Volumes;

namespace Strake.Containers.Engine;

/// <summary>Takes back a container that was not made to the end; and removes one that was. Repeated after a kill, it ends as if it had run once.</summary>
sealed class ContainerRollback(EngineContext context)
{
    /// <summary>Removes everything that belongs to a container, its record last.</summary>
    /// <param name="unit">The container; it does not run.</param>
    public async Task RunAsync(ContainerUnit unit)
    {
        ContainerRecord record = unit.Record;
        bool withVolumes = record.Phase == ContainerPhase.Creating || record.RemovesVolumes;
        await context.Remains.RemoveAsync(unit.Id, context.CgroupOf(record.Container));
        FaultPoint.Reach("container.remove.run-gone");
        await RemoveVolumesAsync(unit, withVolumes);
        FaultPoint.Reach("container.remove.volumes-gone");
        foreach (string owner in await LayerOwnersAsync(unit))
        {
            if (await context.Layers.FindWritableAsync(owner, CancellationToken.None) is { } layer)
                await context.Layers.RemoveWritableAsync(layer.Id, Durability.Eventual, CancellationToken.None);
        }

        FaultPoint.Reach("container.remove.layer-gone");
        context.Folder.Remove(unit.Id);
        FaultPoint.Reach("container.remove.folder-gone");
        await context.Records.DeleteAsync(unit.Id, Durability.Eventual);
        FaultPoint.Reach("container.remove.done");
        context.Table.Remove(unit);
    }

    // Of a container that was killed while it was made, the record does not know what was made for it.
    async Task<IEnumerable<string>> LayerOwnersAsync(ContainerUnit unit) => unit.Record.Phase == ContainerPhase.Creating
        ? (await context.Layers.ListWritableAsync(CancellationToken.None))
            .Select(static layer => layer.Owner)
            .Where(owner => ContainerUnit.HolderOfOwner(owner) == unit.Holder)
        : unit.Container.Mounts.Select(static mount => mount.Detail?.LayerOwner ?? "").Where(static owner => owner.Length > 0).Append(unit.Holder);

    async Task RemoveVolumesAsync(ContainerUnit unit, bool withAnonymous)
    {
        // The ledger knows what the record may not: a container that was killed while it was made.
        HashSet<string> volumes = [.. unit.Container.Mounts.Where(static mount => mount.Name.Length > 0).Select(static mount => mount.Name)];
        if (unit.Record.Phase == ContainerPhase.Creating)
        {
            foreach (Volume volume in await context.Volumes.ListAsync(CancellationToken.None))
            {
                if ((await context.Volumes.Uses.OfAsync(volume.Name, CancellationToken.None)).Any(use => use.Attachment.Holder == unit.Holder))
                    volumes.Add(volume.Name);
            }
        }

        foreach (string volume in volumes)
        {
            await context.Volumes.Uses.DetachAsync(volume, unit.Holder, CancellationToken.None);
            // Those alone that were made for it: one that somebody named is kept, whoever made it.
            if (withAnonymous && unit.Record.AnonymousVolumes.Contains(volume) && (await context.Volumes.Uses.OfAsync(volume, CancellationToken.None)).Count == 0)
                await context.Volumes.RemoveAsync(volume, force: true, CancellationToken.None);
        }
    }
}
