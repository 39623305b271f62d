using Google.Protobuf.WellKnownTypes;
using Strake.Csi;
using Strake.Grpc;
using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>Snapshots of several volumes of one moment: whoever writes to any of them waits until all are made.</summary>
/// <param name="options">The volumes and the records.</param>
/// <param name="records">What was asked for.</param>
/// <param name="names">Lets one call at a time work on an id.</param>
/// <param name="snapshots">The snapshots, one by one.</param>
sealed class ServedGroups(StrakeCsiOptions options, ServedRecords records, NameQueue names, ServedSnapshots snapshots)
{
    /// <summary>Makes the snapshots, or finds those that an earlier call for them has made.</summary>
    /// <exception cref="GrpcException">NotFound: a volume. AlreadyExists: a group of that name is of other volumes. FailedPrecondition: a writer cannot be stopped.</exception>
    public async Task<VolumeGroupSnapshot> CreateAsync(CreateVolumeGroupSnapshotRequest request, CancellationToken cancellationToken)
    {
        string name = CsiFields.Required("name", request.Name);
        CsiFields.Map("secrets", request.Secrets);
        List<string> volumes = [.. request.SourceVolumeIds.Select(static id => CsiFields.Required("source_volume_ids", id)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (volumes.Count == 0)
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "source_volume_ids is missing");
        VolumeName id = ServedRecords.IdOf(name, "group");
        using IDisposable turn = await names.EnterAsync(ServedRecords.TurnOf("group", id.ToString()), cancellationToken);
        Versioned<ServedGroupRecord>? known = await records.Groups.GetAsync(id.ToString(), cancellationToken);
        if (known is not null && (known.Value.Name != name || !known.Value.Volumes.SequenceEqual(volumes)))
            throw new GrpcException(GrpcStatusCode.AlreadyExists, $"group snapshot {name}: there is one of that name, of {string.Join(", ", known.Value.Volumes)}");
        if (known is not { Value.IsMade: true })
        {
            foreach (string volume in volumes)
            {
                if (await options.Volumes.FindAsync(volume, cancellationToken) is null)
                    throw new GrpcException(GrpcStatusCode.NotFound, $"group snapshot {name}: there is no volume {volume}");
            }

            // What a killed call has made is of another moment than the rest would be.
            await RemoveMembersAsync(id.ToString(), cancellationToken);
            known ??= await records.Groups.CreateAsync(
                id.ToString(), new ServedGroupRecord(name, volumes, options.Time.GetUtcNow(), IsMade: false), Durability.Eventual, cancellationToken);
            FaultPoint.Reach("csi.group.recorded");
            known = await MakeAsync(known);
        }

        return await EncodeAsync(known, cancellationToken);
    }

    /// <summary>Removes a group with its snapshots; one that is not there is removed already.</summary>
    /// <exception cref="GrpcException">InvalidArgument: the snapshots are not those of the group.</exception>
    public async Task DeleteAsync(string id, IReadOnlyCollection<string> members, CancellationToken cancellationToken)
    {
        if (!VolumeName.TryParse(id, out _))
            return;
        using IDisposable turn = await names.EnterAsync(ServedRecords.TurnOf("group", id), cancellationToken);
        if (await records.Groups.GetAsync(id, cancellationToken) is not { } record)
            return;
        await RequireMembersAsync(id, members, cancellationToken);
        await RemoveMembersAsync(id, cancellationToken);
        FaultPoint.Reach("csi.group.removed");
        await records.Groups.DeleteAsync(id, Durability.Eventual, CancellationToken.None);
    }

    /// <summary>A group.</summary>
    /// <exception cref="GrpcException">NotFound. InvalidArgument: the snapshots are not those of the group.</exception>
    public async Task<VolumeGroupSnapshot> GetAsync(string id, IReadOnlyCollection<string> members, CancellationToken cancellationToken)
    {
        if (await records.Groups.GetAsync(id, cancellationToken) is not { Value.IsMade: true } record)
            throw new GrpcException(GrpcStatusCode.NotFound, $"there is no group snapshot {id}");
        await RequireMembersAsync(id, members, cancellationToken);
        return await EncodeAsync(record, cancellationToken);
    }

    async Task<Versioned<ServedGroupRecord>> MakeAsync(Versioned<ServedGroupRecord> intent)
    {
        try
        {
            await using var stopped = new StoppedWriters(options);
            foreach (string volume in intent.Value.Volumes)
                await stopped.AddAsync(volume);
            foreach (string volume in intent.Value.Volumes)
            {
                await snapshots.TakeAsync($"{intent.Id}.{volume}", volume, intent.Id, CancellationToken.None);
                FaultPoint.Reach("csi.group.member-made");
            }
        }
        catch (Exception failed) when (failed is StrakeException or GrpcException)
        {
            await RemoveMembersAsync(intent.Id, CancellationToken.None);
            await records.Groups.DeleteAsync(intent.Id, Durability.Eventual, CancellationToken.None);
            throw;
        }

        return await records.Groups.ReplaceAsync(intent.Id, intent.Value with { IsMade = true }, intent.Revision, Durability.Synced, CancellationToken.None);
    }

    async Task RequireMembersAsync(string id, IReadOnlyCollection<string> asked, CancellationToken cancellationToken)
    {
        HashSet<string> members = [.. (await MembersAsync(id, cancellationToken)).Select(static member => member.Id)];
        if (asked.FirstOrDefault(one => !members.Contains(one)) is { } stranger)
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"snapshot_ids: {stranger} is none of the group {id}");
    }

    async Task RemoveMembersAsync(string id, CancellationToken cancellationToken)
    {
        foreach (Versioned<ServedSnapshotRecord> member in await MembersAsync(id, cancellationToken))
            await snapshots.RemoveAsync(member.Id, cancellationToken);
    }

    async Task<IReadOnlyList<Versioned<ServedSnapshotRecord>>> MembersAsync(string id, CancellationToken cancellationToken) =>
        [.. (await records.Snapshots.ListAsync(static (_, _) => { }, cancellationToken)).Where(record => record.Value.Group == id)];

    async Task<VolumeGroupSnapshot> EncodeAsync(Versioned<ServedGroupRecord> record, CancellationToken cancellationToken) => new()
    {
        GroupSnapshotId = record.Id,
        CreationTime = Timestamp.FromDateTimeOffset(record.Value.CreatedAt),
        ReadyToUse = record.Value.IsMade,
        Snapshots = { (await MembersAsync(record.Id, cancellationToken)).Select(ServedSnapshots.Encode) },
    };
}
