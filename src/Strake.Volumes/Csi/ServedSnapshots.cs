using Google.Protobuf.WellKnownTypes;
using Strake.Csi;
using Strake.Grpc;
using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>The snapshots that orchestrators asked for: snapshots of volumes like any other, with a record each.</summary>
/// <param name="options">The volumes and the records.</param>
/// <param name="records">What was asked for.</param>
/// <param name="names">Lets one call at a time work on an id.</param>
/// <param name="volumes">The volumes as they are served.</param>
sealed class ServedSnapshots(StrakeCsiOptions options, ServedRecords records, NameQueue names, ServedVolumes volumes)
{
    /// <summary>Makes a snapshot, or finds the one that an earlier call for it has made.</summary>
    /// <exception cref="GrpcException">NotFound: the volume. AlreadyExists: one of that name is of another volume.</exception>
    public async Task<Snapshot> CreateAsync(CreateSnapshotRequest request, CancellationToken cancellationToken)
    {
        string name = CsiFields.Required("name", request.Name);
        string source = CsiFields.Required("source_volume_id", request.SourceVolumeId);
        CsiFields.Map("secrets", request.Secrets);
        if (CsiFields.Map("parameters", request.Parameters).Keys.FirstOrDefault(static key => !key.StartsWith(VolumeOrder.ProvisionerPrefix, StringComparison.Ordinal)) is { } unknown)
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"parameters: a snapshot has no '{unknown}'");
        return Encode(await TakeAsync(name, source, group: null, cancellationToken));
    }

    /// <summary>Makes a snapshot, alone or in a group.</summary>
    public async Task<Versioned<ServedSnapshotRecord>> TakeAsync(string name, string volume, string? group, CancellationToken cancellationToken)
    {
        VolumeName id = ServedRecords.IdOf(name, "snapshot");
        using IDisposable turn = await names.EnterAsync(ServedRecords.TurnOf("snapshot", id.ToString()), cancellationToken);
        Versioned<ServedSnapshotRecord>? known = await records.Snapshots.GetAsync(id.ToString(), cancellationToken);
        if (known is not null && (known.Value.Volume != volume || known.Value.Name != name || known.Value.Group != group))
            throw new GrpcException(GrpcStatusCode.AlreadyExists, $"snapshot {name}: there is one of that name, of the volume {known.Value.Volume}");
        ServedVolumes.Served source = await volumes.GetAsync(volume, cancellationToken);
        if (known is { Value.IsMade: true })
            return known;
        if (known is null && (await options.Volumes.Copies.ListAsync(volume, cancellationToken)).Any(snapshot => snapshot.Name.ToString() == id.ToString()))
            throw new GrpcException(GrpcStatusCode.AlreadyExists, $"snapshot {name}: the volume {volume} has one of that name, which was made otherwise");
        known ??= await records.Snapshots.CreateAsync(
            id.ToString(),
            new ServedSnapshotRecord(name, volume, source.CapacityBytes, options.Time.GetUtcNow(), IsMade: false, group), Durability.Eventual, cancellationToken);
        FaultPoint.Reach("csi.snapshot.recorded");
        return await MakeAsync(known);
    }

    /// <summary>Removes a snapshot; one that is not there is removed already.</summary>
    /// <exception cref="GrpcException">InvalidArgument: it is one of a group.</exception>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (await records.Snapshots.GetAsync(id, cancellationToken) is { Value.Group: { } group })
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"snapshot {id}: it is one of the group {group}, which goes as a whole");
        await RemoveAsync(id, cancellationToken);
    }

    /// <summary>Removes a snapshot, of a group too.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (!VolumeName.TryParse(id, out VolumeName name))
            return;
        using IDisposable turn = await names.EnterAsync(ServedRecords.TurnOf("snapshot", id), cancellationToken);
        if (await records.Snapshots.GetAsync(id, cancellationToken) is not { } record)
            return;
        try
        {
            await options.Volumes.Copies.RemoveAsync(record.Value.Volume, id, cancellationToken);
        }
        catch (StrakeException gone) when (gone.Kind is ErrorKind.NotFound)
        {
            // Observed: never made, or gone with its volume, or removed by a call that was killed then.
            cancellationToken.ThrowIfCancellationRequested();
        }

        FaultPoint.Reach("csi.snapshot.removed");
        await records.Snapshots.DeleteAsync(id, Durability.Eventual, CancellationToken.None);
    }

    /// <summary>A piece of the list of snapshots, in the order of their ids.</summary>
    public async Task<Page<Snapshot>> ListAsync(ListSnapshotsRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<Versioned<ServedSnapshotRecord>> all = await records.Snapshots.ListAsync(static (_, _) => { }, cancellationToken);
        IEnumerable<Versioned<ServedSnapshotRecord>> asked = all.Where(record => record.Value.IsMade
            && (request.SnapshotId.Length == 0 || record.Id == request.SnapshotId)
            && (request.SourceVolumeId.Length == 0 || record.Value.Volume == request.SourceVolumeId));
        Page<Versioned<ServedSnapshotRecord>> page = Page<Versioned<ServedSnapshotRecord>>.Of(asked, static record => record.Id, request.StartingToken, request.MaxEntries);
        return new Page<Snapshot>([.. page.Entries.Select(Encode)], page.NextToken);
    }

    /// <summary>One snapshot.</summary>
    /// <exception cref="GrpcException">NotFound.</exception>
    public async Task<Snapshot> GetAsync(string id, CancellationToken cancellationToken) =>
        await records.Snapshots.GetAsync(id, cancellationToken) is { Value.IsMade: true } record
            ? Encode(record)
            : throw new GrpcException(GrpcStatusCode.NotFound, $"there is no snapshot {id}");

    /// <summary>A snapshot as the interface says it. Pure.</summary>
    public static Snapshot Encode(Versioned<ServedSnapshotRecord> record) => new()
    {
        SnapshotId = record.Id,
        SourceVolumeId = record.Value.Volume,
        SizeBytes = record.Value.SizeBytes,
        CreationTime = Timestamp.FromDateTimeOffset(record.Value.CreatedAt),
        ReadyToUse = record.Value.IsMade,
        GroupSnapshotId = record.Value.Group ?? "",
    };

    async Task<Versioned<ServedSnapshotRecord>> MakeAsync(Versioned<ServedSnapshotRecord> intent)
    {
        string volume = intent.Value.Volume;
        try
        {
            IReadOnlyList<VolumeSnapshot> there = await options.Volumes.Copies.ListAsync(volume, CancellationToken.None);
            if (there.All(snapshot => snapshot.Name.ToString() != intent.Id))
            {
                await using IHeldWriters? held = options.Hold is { } hold ? await hold(volume, CancellationToken.None) : null;
                await options.Volumes.Copies.SnapshotAsync(volume, intent.Id, held?.Holders ?? new HashSet<string>(), CancellationToken.None);
            }
        }
        catch (StrakeException)
        {
            await records.Snapshots.DeleteAsync(intent.Id, Durability.Eventual, CancellationToken.None);
            throw;
        }

        FaultPoint.Reach("csi.snapshot.made");
        return await records.Snapshots.ReplaceAsync(intent.Id, intent.Value with { IsMade = true }, intent.Revision, Durability.Synced, CancellationToken.None);
    }
}
