using System.Security.Cryptography;
using Strake.Csi;
using Strake.Grpc;

namespace Strake.Volumes;

/// <summary>Snapshots of a driver's volumes; each is written down before the driver is asked.</summary>
/// <param name="link">The driver.</param>
/// <param name="shelf">Its volumes.</param>
/// <param name="time">The clock.</param>
sealed class CsiSnapshots(CsiLink link, CsiShelf shelf, TimeProvider time)
{
    /// <summary>A name by which a driver is asked for something new: it says whose it is, and is nobody else's.</summary>
    public static string NewHandle() => $"strake-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    /// <summary>Makes a snapshot, whole on return.</summary>
    public async Task<CsiVolume> MakeAsync(CsiVolume volume, string name, CancellationToken cancellationToken)
    {
        CsiSnapshot snapshot = volume.Snapshots.FirstOrDefault(known => known.Name == name)
            ?? new CsiSnapshot(name, NewHandle(), volume.Id!, time.GetUtcNow(), CsiVolumeState.Creating);
        volume = await shelf.RecordAsync(With(volume, snapshot));
        FaultPoint.Reach("csi.snapshot.recorded");
        snapshot = await AskAsync(volume, snapshot, cancellationToken);
        FaultPoint.Reach("csi.snapshot.made");
        volume = await shelf.RecordAsync(With(volume, snapshot));
        FaultPoint.Reach("csi.snapshot.done");
        return volume;
    }

    /// <summary>Removes a snapshot; one that is only half made too.</summary>
    public async Task<CsiVolume> RemoveAsync(CsiVolume volume, string name, CancellationToken cancellationToken)
    {
        if (volume.Snapshots.FirstOrDefault(known => known.Name == name) is not { } snapshot)
            return volume;
        try
        {
            // Asked for again, to learn its id.
            if (snapshot.Id is null)
                snapshot = await AskAsync(volume, snapshot, cancellationToken);
            volume = await shelf.RecordAsync(With(volume, snapshot with { State = CsiVolumeState.Removing }));
            FaultPoint.Reach("csi.snapshot-delete.recorded");
            CsiSecrets secrets = CsiSecrets.Read(CsiOptions.Parse(volume.Options).SecretsFile).For(CsiSecretUse.Snapshotter);
            await DeleteAsync(volume, snapshot, secrets, cancellationToken);
            FaultPoint.Reach("csi.snapshot-delete.removed");
        }
        catch (CsiRefusalException refused) when (snapshot.Id is null && !refused.IsOpen)
        {
            // It was not made, and cannot be.
        }
        catch (CsiRefusalException refused) when (snapshot.Id is not null && !refused.IsOpen)
        {
            await shelf.RecordAsync(With(volume, snapshot));
            throw;
        }

        return await shelf.RecordAsync(volume with { Snapshots = [.. volume.Snapshots.Where(known => known.Name != name)] });
    }

    /// <summary>Makes snapshots of several volumes, all of one moment.</summary>
    /// <returns>The volumes.</returns>
    public async Task<IReadOnlyList<CsiVolume>> MakeGroupAsync(IReadOnlyList<CsiVolume> volumes, string name, CancellationToken cancellationToken)
    {
        string handle = NewHandle();
        string[] sources = [.. volumes.Select(static volume => volume.Id!)];
        CsiVolume[] recorded =
        [
            .. volumes.Select(volume => With(
                volume, new CsiSnapshot(name, handle, volume.Id!, time.GetUtcNow(), CsiVolumeState.Creating) { GroupSources = sources })),
        ];
        await shelf.RecordAsync(recorded);
        FaultPoint.Reach("csi.group-snapshot.recorded");
        VolumeGroupSnapshot made = await AskForGroupAsync(recorded[0], recorded[0].Snapshots[^1], cancellationToken);
        FaultPoint.Reach("csi.group-snapshot.made");
        CsiVolume[] done =
        [
            .. recorded.Select(volume => With(volume, volume.Snapshots[^1] with
            {
                Id = MemberOf(made, volume.Id!),
                GroupId = made.GroupSnapshotId,
                State = CsiVolumeState.Ready,
            })),
        ];
        await shelf.RecordAsync(done);
        FaultPoint.Reach("csi.group-snapshot.done");
        return done;
    }

    async Task DeleteAsync(CsiVolume volume, CsiSnapshot snapshot, CsiSecrets secrets, CancellationToken cancellationToken)
    {
        if (snapshot.GroupSources is not null)
        {
            // Removed as a whole, with the last of its members: one cannot be removed alone (spec.md, "DeleteSnapshot").
            bool isLast = !shelf.All.Any(other => other.Handle != volume.Handle && other.Snapshots.Any(known => known.Handle == snapshot.Handle));
            if (!isLast)
                return;
            var whole = new DeleteVolumeGroupSnapshotRequest { GroupSnapshotId = snapshot.GroupId };
            secrets.AddTo(whole.Secrets);
            await (await link.RequireAsync(cancellationToken)).CallAsync(GroupControllerMethods.DeleteVolumeGroupSnapshot, whole, CsiPatience.Work, secrets, cancellationToken);
            return;
        }

        var request = new DeleteSnapshotRequest { SnapshotId = snapshot.Id };
        secrets.AddTo(request.Secrets);
        await (await link.RequireAsync(cancellationToken)).CallAsync(ControllerMethods.DeleteSnapshot, request, CsiPatience.Work, secrets, cancellationToken);
    }

    async Task<VolumeGroupSnapshot> AskForGroupAsync(CsiVolume volume, CsiSnapshot snapshot, CancellationToken cancellationToken)
    {
        CsiSecrets secrets = CsiSecrets.Read(CsiOptions.Parse(volume.Options).SecretsFile).For(CsiSecretUse.Snapshotter);
        var request = new CreateVolumeGroupSnapshotRequest { Name = snapshot.Handle, SourceVolumeIds = { snapshot.GroupSources } };
        secrets.AddTo(request.Secrets);
        return (await (await link.RequireAsync(cancellationToken)).CallAsync(
            GroupControllerMethods.CreateVolumeGroupSnapshot, request, CsiPatience.Work, secrets, cancellationToken, static answer => Judge(answer.GroupSnapshot?.ReadyToUse))).GroupSnapshot;
    }

    // Repeated until it can be used: some drivers upload snapshots after they were cut.
    async Task<CsiSnapshot> AskAsync(CsiVolume volume, CsiSnapshot snapshot, CancellationToken cancellationToken)
    {
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        if (snapshot.GroupSources is not null)
        {
            VolumeGroupSnapshot group = await AskForGroupAsync(volume, snapshot, cancellationToken);
            return snapshot with { Id = MemberOf(group, snapshot.SourceId), GroupId = group.GroupSnapshotId, State = CsiVolumeState.Ready };
        }

        CsiSecrets secrets = CsiSecrets.Read(CsiOptions.Parse(volume.Options).SecretsFile).For(CsiSecretUse.Snapshotter);
        var request = new CreateSnapshotRequest { SourceVolumeId = snapshot.SourceId, Name = snapshot.Handle };
        secrets.AddTo(request.Secrets);
        Snapshot made = (await connection.CallAsync(
            ControllerMethods.CreateSnapshot, request, CsiPatience.Work, secrets, cancellationToken, static answer => Judge(answer.Snapshot?.ReadyToUse))).Snapshot;
        return made.SnapshotId.Length > 0
            ? snapshot with { Id = made.SnapshotId, SizeBytes = made.SizeBytes, State = CsiVolumeState.Ready }
            : throw connection.Lie("CreateSnapshot", "it gave the snapshot no id");
    }

    string MemberOf(VolumeGroupSnapshot group, string sourceId) =>
        group.Snapshots.FirstOrDefault(one => one.SourceVolumeId == sourceId)?.SnapshotId
        ?? throw link.Require().Lie("CreateVolumeGroupSnapshot", $"it made none of the volume {sourceId}");

    static GrpcStatus? Judge(bool? isReady) => isReady switch
    {
        true => null,
        false => new GrpcStatus(GrpcStatusCode.Aborted, "the snapshot is cut, and not ready to be used yet"),
        null => new GrpcStatus(GrpcStatusCode.Internal, "it gave no snapshot"),
    };

    static CsiVolume With(CsiVolume volume, CsiSnapshot snapshot) => volume with
    {
        Snapshots = volume.Snapshots.Any(known => known.Name == snapshot.Name)
            ? [.. volume.Snapshots.Select(known => known.Name == snapshot.Name ? snapshot : known)]
            : [.. volume.Snapshots, snapshot],
    };
}
