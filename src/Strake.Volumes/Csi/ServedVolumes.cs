using System.Globalization;
using Strake.Csi;
using Strake.Grpc;
using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>The volumes that orchestrators asked for: local volumes like any other, with a record of what they were asked to be.</summary>
/// <remarks>
/// The record is written before the volume is made, and goes after it: what is asked for again after a kill goes on where it was. A volume
/// that has no such record, for somebody made it by hand, can be published, measured and made larger, and is not removed.
/// </remarks>
/// <param name="options">The volumes and the records.</param>
/// <param name="records">What was asked for.</param>
/// <param name="names">Lets one call at a time work on an id.</param>
/// <param name="topology">Where all volumes are.</param>
sealed class ServedVolumes(StrakeCsiOptions options, ServedRecords records, NameQueue names, NodeTopology topology)
{
    const string Driver = "local";

    /// <summary>Makes a volume, or finds the one that an earlier call for it has made.</summary>
    /// <exception cref="GrpcException">AlreadyExists: one of that name is something else. NotFound: its source. OutOfRange, ResourceExhausted, InvalidArgument.</exception>
    public async Task<Csi.Volume> CreateAsync(CreateVolumeRequest request, CancellationToken cancellationToken)
    {
        VolumeOrder order = VolumeOrder.Parse(request);
        topology.Require(request.AccessibilityRequirements);
        using IDisposable turn = await names.EnterAsync(order.Id, cancellationToken);
        string id = order.Id.ToString();
        if (await records.Volumes.GetAsync(id, cancellationToken) is { } known)
            return Encode(id, await FinishAsync(order, known, cancellationToken));
        if (await options.Volumes.FindAsync(id, cancellationToken) is not null)
            throw new GrpcException(GrpcStatusCode.AlreadyExists, $"create {order.Name}: there is a volume {id} that was made otherwise");
        Origin? origin = await OriginOfAsync(order, cancellationToken);
        var record = new ServedVolumeRecord(order.Name, order.IsBlock, Math.Max(order.CapacityBytes, origin?.SizeBytes ?? 0), order.Parameters, order.SourceText, IsMade: false, order.Keep);
        Versioned<ServedVolumeRecord> intent = await records.Volumes.CreateAsync(id, record, Durability.Eventual, cancellationToken);
        FaultPoint.Reach("csi.volume.recorded");
        return Encode(id, await MakeAsync(order, origin, intent));
    }

    /// <summary>Removes a volume; one that is not there is removed already.</summary>
    /// <exception cref="GrpcException">FailedPrecondition: somebody has it, it has snapshots, or an orchestrator did not make it.</exception>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (!VolumeName.TryParse(id, out VolumeName name))
            return;
        using IDisposable turn = await names.EnterAsync(name, cancellationToken);
        Versioned<ServedVolumeRecord>? record = await records.Volumes.GetAsync(id, cancellationToken);
        if (record is null)
        {
            if (await FindLocalAsync(id, cancellationToken) is not null)
                throw new GrpcException(GrpcStatusCode.FailedPrecondition, $"delete {id}: this volume was not made through this interface, and is not removed through it; docker volume rm {id} does that");
            return;
        }

        IReadOnlyList<Versioned<ServedSnapshotRecord>> snapshots = await records.Snapshots.ListAsync(static (_, _) => { }, cancellationToken);
        if (snapshots.FirstOrDefault(snapshot => snapshot.Value.Volume == id) is { } snapshot)
            throw new GrpcException(GrpcStatusCode.FailedPrecondition, $"delete {id}: it has the snapshot {snapshot.Id}, which would be gone with it; remove that first");
        if (record.Value.Keep is { } keep && await FindLocalAsync(id, cancellationToken) is not null)
            await options.Volumes.Trash.PutAsync(id, KeepTime.Parse(keep), cancellationToken);
        else
            await options.Volumes.RemoveAsync(id, force: true, cancellationToken);
        FaultPoint.Reach("csi.volume.removed");
        await records.Volumes.DeleteAsync(id, Durability.Eventual, CancellationToken.None);
    }

    /// <summary>Makes a volume larger, while it is used too.</summary>
    /// <returns>Its size then; bytes.</returns>
    /// <exception cref="GrpcException">NotFound. OutOfRange. FailedPrecondition: it has no size.</exception>
    public async Task<long> ExpandAsync(string id, CapacityRange? range, CancellationToken cancellationToken)
    {
        (long required, long limit) = CsiFields.Range(CsiFields.Present("capacity_range", range));
        if (required == 0 && limit == 0)
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "capacity_range asks for no size");
        using IDisposable turn = await names.EnterAsync(NameOf(id), cancellationToken);
        Served volume = await GetAsync(id, cancellationToken);
        if (volume.CapacityBytes == 0)
            throw new GrpcException(GrpcStatusCode.FailedPrecondition, $"expand {id}: it was made without a size, and may hold what the disk has");
        long wanted = volume.IsBlock ? BlockBackend.Round(required) : required;
        if (limit > 0 && Math.Max(wanted, volume.CapacityBytes) > limit)
            throw new GrpcException(GrpcStatusCode.OutOfRange, $"expand {id}: it has {volume.CapacityBytes} bytes, and at most {limit} are allowed");
        if (wanted <= volume.CapacityBytes)
            return volume.CapacityBytes;
        if (volume.KeepsSize)
            await options.Volumes.ResizeAsync(id, wanted.ToString(CultureInfo.InvariantCulture), cancellationToken);
        FaultPoint.Reach("csi.volume.expanded");
        if (volume.Record is { } record)
            await records.Volumes.ReplaceAsync(id, record.Value with { CapacityBytes = wanted }, record.Revision, cancellationToken: CancellationToken.None);
        return wanted;
    }

    /// <summary>Changes what can be changed of a volume: how long it stays in the trash.</summary>
    /// <exception cref="GrpcException">NotFound. InvalidArgument: names the parameter.</exception>
    public async Task ModifyAsync(string id, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        string? keep = VolumeOrder.KeepOf(parameters);
        if (keep is not null)
            KeepTime.Parse(keep);
        using IDisposable turn = await names.EnterAsync(NameOf(id), cancellationToken);
        Served volume = await GetAsync(id, cancellationToken);
        if (keep is not null && volume.Record is { } record && record.Value.Keep != keep)
            await records.Volumes.ReplaceAsync(id, record.Value with { Keep = keep }, record.Revision, cancellationToken: cancellationToken);
    }

    /// <summary>A piece of the list of volumes, in the order of their ids.</summary>
    public async Task<Page<Csi.Volume>> ListAsync(string token, int most, CancellationToken cancellationToken)
    {
        IReadOnlyList<Versioned<ServedVolumeRecord>> all = await records.Volumes.ListAsync(static (_, _) => { }, cancellationToken);
        Page<Versioned<ServedVolumeRecord>> page = Page<Versioned<ServedVolumeRecord>>.Of(all.Where(static record => record.Value.IsMade), static record => record.Id, token, most);
        return new Page<Csi.Volume>([.. page.Entries.Select(record => Encode(record.Id, record.Value))], page.NextToken);
    }

    /// <summary>A volume that there is, whoever made it.</summary>
    /// <exception cref="GrpcException">NotFound.</exception>
    public async Task<Served> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindLocalAsync(id, cancellationToken) is not { } volume)
            throw new GrpcException(GrpcStatusCode.NotFound, $"there is no volume {id}");
        Versioned<ServedVolumeRecord>? record = await records.Volumes.GetAsync(id, cancellationToken);
        if (record is { Value.IsMade: false })
            throw new GrpcException(GrpcStatusCode.NotFound, $"the volume {id} is not made yet");
        bool isBlock = record?.Value.IsBlock ?? volume.Options.GetValueOrDefault("backend") == BlockBackend.BackendName;
        long capacity = volume.Options.TryGetValue("size", out string? size) ? VolumeSize.Parse(size) : record?.Value.CapacityBytes ?? 0;
        return new Served(volume, isBlock, isBlock ? BlockBackend.Round(capacity) : capacity, record) { KeepsSize = size is not null };
    }

    /// <summary>A volume as the interface says it.</summary>
    public Csi.Volume Encode(string id, Served volume) => Encode(id, volume.CapacityBytes, volume.Record?.Value.Source);

    async Task<Volume?> FindLocalAsync(string id, CancellationToken cancellationToken) =>
        VolumeName.TryParse(id, out _) && await options.Volumes.FindAsync(id, cancellationToken) is { Driver: Driver } volume ? volume : null;

    async Task<ServedVolumeRecord> FinishAsync(VolumeOrder order, Versioned<ServedVolumeRecord> known, CancellationToken cancellationToken)
    {
        if (WhyNotSame(order, known.Value) is { } why)
            throw new GrpcException(GrpcStatusCode.AlreadyExists, $"create {order.Name}: there is a volume of that name {why}");
        // Made, and removed by hand since: made again, as who asks for it expects.
        return known.Value.IsMade && await FindLocalAsync(known.Id, cancellationToken) is not null
            ? known.Value
            : await MakeAsync(order, await OriginOfAsync(order, cancellationToken), known);
    }

    // From here on the work is finished or undone, whoever still waits for it.
    async Task<ServedVolumeRecord> MakeAsync(VolumeOrder order, Origin? origin, Versioned<ServedVolumeRecord> intent)
    {
        try
        {
            if (origin is null)
                await options.Volumes.CreateAsync(new VolumeRequest(intent.Id) { Driver = Driver, DriverOptions = order.Options, Labels = order.Labels }, CancellationToken.None);
            else
                await CopyAsync(order, origin, intent);
        }
        catch (StrakeException) when (!intent.Value.IsMade)
        {
            // What was asked for cannot be had so; the name is free for another try. Whatever is half there, the volumes have taken back.
            await options.Volumes.RemoveAsync(intent.Id, force: true, CancellationToken.None);
            await records.Volumes.DeleteAsync(intent.Id, Durability.Eventual, CancellationToken.None);
            throw;
        }

        FaultPoint.Reach("csi.volume.made");
        ServedVolumeRecord made = intent.Value with { IsMade = true };
        await records.Volumes.ReplaceAsync(intent.Id, made, intent.Revision, Durability.Synced, CancellationToken.None);
        return made;
    }

    async Task CopyAsync(VolumeOrder order, Origin origin, Versioned<ServedVolumeRecord> intent)
    {
        if (await options.Volumes.FindAsync(intent.Id, CancellationToken.None) is null)
        {
            await using IHeldWriters? held = origin.Snapshot is null && options.Hold is { } hold ? await hold(origin.Volume, CancellationToken.None) : null;
            var clone = new VolumeCloneRequest(origin.Volume, origin.Snapshot, intent.Id) { Labels = order.Labels };
            await options.Volumes.Copies.CloneAsync(clone, held?.Holders ?? new HashSet<string>(), CancellationToken.None);
        }

        FaultPoint.Reach("csi.volume.copied");
        // A copy is kept as its original is.
        bool isSaid = !origin.KeepsSize && (origin.SizeBytes > 0 || !order.KeepsSize);
        if (intent.Value.CapacityBytes > origin.SizeBytes && !isSaid)
            await options.Volumes.ResizeAsync(intent.Id, intent.Value.CapacityBytes.ToString(CultureInfo.InvariantCulture), CancellationToken.None);
    }

    async Task<Origin?> OriginOfAsync(VolumeOrder order, CancellationToken cancellationToken)
    {
        Origin? origin = order.Source?.TypeCase switch
        {
            VolumeContentSource.TypeOneofCase.Snapshot => await SnapshotAsync(order.Source.Snapshot.SnapshotId, cancellationToken),
            VolumeContentSource.TypeOneofCase.Volume => await VolumeAsync(order.Source.Volume.VolumeId, cancellationToken),
            _ => null,
        };
        if (origin is null)
            return null;
        if (origin.IsBlock != order.IsBlock)
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"create {order.Name}: its source is a {(origin.IsBlock ? "device" : "file system")}, and a copy is what its original is");
        if (order.LimitBytes > 0 && origin.SizeBytes > order.LimitBytes)
            throw new GrpcException(GrpcStatusCode.OutOfRange, $"create {order.Name}: its source has {origin.SizeBytes} bytes, and at most {order.LimitBytes} are allowed");
        return origin;
    }

    async Task<Origin> SnapshotAsync(string id, CancellationToken cancellationToken)
    {
        if (await records.Snapshots.GetAsync(id, cancellationToken) is not { Value.IsMade: true } snapshot)
            throw new GrpcException(GrpcStatusCode.NotFound, $"there is no snapshot {id}");
        Served volume = await GetAsync(snapshot.Value.Volume, cancellationToken);
        return new Origin(snapshot.Value.Volume, id, snapshot.Value.SizeBytes, volume.IsBlock, volume.KeepsSize);
    }

    async Task<Origin> VolumeAsync(string id, CancellationToken cancellationToken)
    {
        Served volume = await GetAsync(id, cancellationToken);
        return new Origin(id, null, volume.CapacityBytes, volume.IsBlock, volume.KeepsSize);
    }

    static string? WhyNotSame(VolumeOrder order, ServedVolumeRecord known) =>
        known.Name != order.Name ? $"({known.Name})"
        : known.IsBlock != order.IsBlock ? $"that is a {(known.IsBlock ? "device" : "file system")}"
        : known.Source != order.SourceText ? "with another source"
        : !IsSame(known.Parameters, order.Parameters) ? "with other parameters"
        : known.CapacityBytes < order.RequiredBytes || (order.LimitBytes > 0 && known.CapacityBytes > order.LimitBytes) ? $"with {known.CapacityBytes} bytes"
        : null;

    static bool IsSame(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(entry => other.TryGetValue(entry.Key, out string? value) && value == entry.Value);

    Csi.Volume Encode(string id, ServedVolumeRecord record) => Encode(id, record.CapacityBytes, record.Source);

    Csi.Volume Encode(string id, long capacity, string? source)
    {
        var volume = new Csi.Volume { VolumeId = id, CapacityBytes = capacity, AccessibleTopology = { topology.Here } };
        if (source?.Split(':', 2) is ["snapshot", var snapshot])
            volume.ContentSource = new VolumeContentSource { Snapshot = new() { SnapshotId = snapshot } };
        else if (source?.Split(':', 2) is ["volume", var original])
            volume.ContentSource = new VolumeContentSource { Volume = new() { VolumeId = original } };
        return volume;
    }

    static VolumeName NameOf(string id) =>
        VolumeName.TryParse(id, out VolumeName name) ? name : throw new GrpcException(GrpcStatusCode.NotFound, $"there is no volume {id}");

    sealed record Origin(string Volume, string? Snapshot, long SizeBytes, bool IsBlock, bool KeepsSize);

    /// <summary>A volume that can be used.</summary>
    /// <param name="Volume">As the store has it.</param>
    /// <param name="IsBlock">Whether it is a device.</param>
    /// <param name="CapacityBytes">Its size; 0: none but the disk's.</param>
    /// <param name="Record">What was asked for; null: somebody made it by hand.</param>
    public sealed record Served(Volume Volume, bool IsBlock, long CapacityBytes, Versioned<ServedVolumeRecord>? Record)
    {
        /// <summary>Whether something holds it within its size.</summary>
        public bool KeepsSize { get; init; }
    }
}
