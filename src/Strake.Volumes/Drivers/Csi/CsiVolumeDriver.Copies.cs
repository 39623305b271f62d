using ControllerCall = Strake.Csi.ControllerServiceCapability.Types.RPC.Types.Type;
using GroupCall = Strake.Csi.GroupControllerServiceCapability.Types.RPC.Types.Type;

namespace Strake.Volumes;

/// <content>Snapshots, rollbacks, clones, other names.</content>
public sealed partial class CsiVolumeDriver
{
    /// <inheritdoc/>
    public async Task<VolumeCopyCost> CopyCostAsync(VolumeName name, CancellationToken cancellationToken)
    {
        CsiAbilities? abilities = null;
        await InWordsAsync($"copy {name}", async () => abilities = await (await link.RequireAsync(cancellationToken)).AbilitiesAsync(CsiPatience.Question, cancellationToken));
        return abilities!.Has(ControllerCall.CreateDeleteSnapshot) || abilities.Has(ControllerCall.CloneVolume)
            ? new VolumeCopyCost(CopiedBytes: 0, IsOfOneMoment: true)
            : throw StrakeException.NotSupported($"the driver {Name} makes no snapshots or clones of its volumes");
    }

    /// <inheritdoc/>
    public bool CopiesOneMoment(VolumeName name) => true;

    /// <inheritdoc/>
    public IReadOnlyList<VolumeSnapshot> SnapshotsOf(VolumeName name) =>
    [
        .. (shelf.Find(name)?.Snapshots ?? []).Where(static snapshot => snapshot.State is CsiVolumeState.Ready)
            .Select(static snapshot => new VolumeSnapshot(SnapshotName.Parse(snapshot.Name), snapshot.CreatedAt)),
    ];

    /// <inheritdoc/>
    public Task SnapshotAsync(VolumeName name, SnapshotName snapshot, CancellationToken cancellationToken) =>
        InWordsAsync($"snapshot {name}", async () =>
        {
            using IDisposable turn = await EnterAsync(Get(name), cancellationToken);
            await RequireAsync(ControllerCall.CreateDeleteSnapshot, "makes no snapshots of its volumes", cancellationToken);
            await snapshots.MakeAsync(Get(name), snapshot.ToString(), CancellationToken.None);
        });

    /// <inheritdoc/>
    public Task SnapshotGroupAsync(IReadOnlyList<VolumeName> names, SnapshotName snapshot, CancellationToken cancellationToken) =>
        InWordsAsync($"snapshot {string.Join(", ", names)}", async () =>
        {
            CsiAbilities abilities = await (await link.RequireAsync(cancellationToken)).AbilitiesAsync(CsiPatience.Work, cancellationToken);
            if (!abilities.Has(GroupCall.CreateDeleteGetVolumeGroupSnapshot))
                throw StrakeException.NotSupported($"the driver {Name} makes no snapshots of several volumes at once");
            await snapshots.MakeGroupAsync([.. names.Select(Get)], snapshot.ToString(), CancellationToken.None);
        });

    /// <inheritdoc/>
    public async Task RemoveSnapshotAsync(VolumeName name, SnapshotName snapshot, CancellationToken cancellationToken)
    {
        await InWordsAsync($"remove the snapshot {snapshot} of {name}", async () =>
        {
            using IDisposable turn = await EnterAsync(Get(name), cancellationToken);
            await snapshots.RemoveAsync(Get(name), snapshot.ToString(), CancellationToken.None);
        });
        SettleOrphansSoon();
    }

    /// <inheritdoc/>
    /// <remarks>The interface knows no way back: a volume is made from the snapshot, and takes the place of the one that was.</remarks>
    public async Task RollBackAsync(VolumeName name, SnapshotName snapshot, CancellationToken cancellationToken)
    {
        await InWordsAsync($"roll back {name}", async () =>
        {
            using IDisposable turn = await EnterAsync(Get(name), cancellationToken);
            CsiVolume volume = Get(name);
            if (CsiOptions.Parse(volume.Options).Id is not null)
                throw StrakeException.NotSupported($"it was not made here (-o {CsiOptions.ExistingId}), and would have to be replaced by another");
            CsiSnapshot from = SnapshotOf(volume, snapshot);
            await node.WithdrawAsync(volume, CancellationToken.None);
            volume = Get(name);
            CsiVolume copy = NewVolume(null, volume.Options, new CsiSource(null, from.Id));
            underWay[copy.Handle] = true;
            try
            {
                copy = await MakeAsync(copy, CsiOptions.Parse(copy.Options));
            }
            catch
            {
                underWay.TryRemove(copy.Handle, out _);
                SettleOrphansSoon();
                throw;
            }

            FaultPoint.Reach("csi.rollback.copied");
            await shelf.RecordAsync(
            [
                volume with { Name = null, State = CsiVolumeState.Removing, Snapshots = [] },
                copy with { Name = volume.Name, Snapshots = volume.Snapshots },
            ]);
            // Not where that failed: which of the two is the volume then stands on disk alone, and neither is removed before the next start reads it.
            underWay.TryRemove(copy.Handle, out _);
            FaultPoint.Reach("csi.rollback.replaced");
        });
        SettleOrphansSoon();
    }

    /// <inheritdoc/>
    public Task CloneAsync(VolumeName source, SnapshotName? snapshot, VolumeName target, IReadOnlyDictionary<string, string>? options, CancellationToken cancellationToken) =>
        InWordsAsync($"clone {source}", async () =>
        {
            CsiVolume original = Get(source);
            CsiSource from = snapshot is { } old ? new CsiSource(null, SnapshotOf(original, old).Id) : new CsiSource(original.Id, null);
            await RequireAsync(
                snapshot is null ? ControllerCall.CloneVolume : ControllerCall.CreateDeleteSnapshot,
                snapshot is null ? "makes no clones of volumes; make a snapshot, and clone that" : "makes no volumes from snapshots",
                cancellationToken);
            if (shelf.Find(target) is { State: CsiVolumeState.Ready })
                return;
            IReadOnlyDictionary<string, string> its = options ?? CloneOptions(original);
            await MakeAsync(shelf.Find(target) ?? NewVolume(target, its, from), CsiOptions.Parse(its));
        });

    /// <inheritdoc/>
    public async Task RenameAsync(VolumeName from, VolumeName to)
    {
        if (shelf.Find(from) is { } volume)
            await shelf.RecordAsync(volume with { Name = to.ToString() });
        FaultPoint.Reach("csi.rename.renamed");
    }

    /// <inheritdoc/>
    public Task SettleAsync(VolumeName name) => InWordsAsync($"settle {name}", async () =>
    {
        if (shelf.Find(name) is not { } known)
            return;
        using IDisposable turn = await EnterAsync(known, CancellationToken.None);
        CsiVolume volume = Get(name);
        foreach (CsiSnapshot half in volume.Snapshots.Where(static snapshot => snapshot.State is not CsiVolumeState.Ready))
            volume = await snapshots.RemoveAsync(volume, half.Name, CancellationToken.None);
    });

    static CsiSnapshot SnapshotOf(CsiVolume volume, SnapshotName name) =>
        volume.Snapshots.FirstOrDefault(snapshot => snapshot.Name == name.ToString() && snapshot.State is CsiVolumeState.Ready)
        ?? throw StrakeException.NotFound($"volume {volume.Name} has no snapshot {name}");

    // Of what was made elsewhere the clone is one like the others. It is as large as its original has become.
    static Dictionary<string, string> CloneOptions(CsiVolume original) =>
        original.Options.Where(static option => option.Key != CsiOptions.ExistingId && !option.Key.StartsWith("context.", StringComparison.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
}
