using Strake.Csi;
using Strake.Grpc;
using Strake.Volumes.Records;
using AccessMode = Strake.Csi.VolumeCapability.Types.AccessMode.Types.Mode;

namespace Strake.Volumes;

/// <summary>
/// What the driver <c>strake.csi</c> makes, for callers within the engine: the same parameters, records and laws as over its socket, without the way through it.
/// </summary>
/// <remarks>Every call is idempotent by its name, and goes on where a kill has cut it short.</remarks>
/// <example><code>
/// var driver = new StrakeCsi(new StrakeCsiOptions(volumes, state, "/var/lib/strake/volumes", "node-1", "1.0", TimeProvider.System));
/// long bytes = await driver.Storage.MakeAsync(new ServedOrder("shop.data", 1 &lt;&lt; 30), ct);
/// </code></example>
public sealed class ServedStorage
{
    readonly ServedVolumes volumes;
    readonly ServedSnapshots snapshots;
    readonly ServedRecords records;

    internal ServedStorage(ServedVolumes volumes, ServedSnapshots snapshots, ServedRecords records) =>
        (this.volumes, this.snapshots, this.records) = (volumes, snapshots, records);

    /// <summary>Whether a volume of that name was asked for, and not removed since.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async ValueTask<bool> IsKnownAsync(string name, CancellationToken cancellationToken) => await records.Volumes.GetAsync(name, cancellationToken) is not null;

    /// <summary>Makes a volume, or finds what an earlier call for it has made.</summary>
    /// <param name="order">What it is to be.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <returns>Its size, bytes; 0: none but the disk's.</returns>
    /// <exception cref="StrakeException">AlreadyExists: one of that name is something else. NotFound: its source. Invalid, Exhausted.</exception>
    public Task<long> MakeAsync(ServedOrder order, CancellationToken cancellationToken) =>
        InWordsAsync(async () => (await volumes.CreateAsync(RequestOf(order), cancellationToken)).CapacityBytes);

    /// <summary>Removes a volume; one that is not there is removed already.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <exception cref="StrakeException">InUse: somebody has it, it has snapshots, or it was not made here.</exception>
    public Task RemoveAsync(string name, CancellationToken cancellationToken) => InWordsAsync(async () =>
    {
        await volumes.DeleteAsync(name, cancellationToken);
        return true;
    });

    /// <summary>The size of a volume, bytes; 0: none but the disk's.</summary>
    /// <param name="name">The volume, whoever made it.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound.</exception>
    public Task<long> SizeOfAsync(string name, CancellationToken cancellationToken) => InWordsAsync(async () => (await volumes.GetAsync(name, cancellationToken)).CapacityBytes);

    /// <summary>Makes a volume larger, while it is used too.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="bytes">How large it is to be at least.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <returns>Its size then, bytes.</returns>
    /// <exception cref="StrakeException">NotFound. InUse: it has no size. Exhausted.</exception>
    public Task<long> GrowAsync(string name, long bytes, CancellationToken cancellationToken) =>
        InWordsAsync(() => volumes.ExpandAsync(name, new CapacityRange { RequiredBytes = bytes }, cancellationToken));

    /// <summary>Changes what can be changed of a volume.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="parameters">Names and values.</param>
    /// <param name="cancellationToken">Cancels before the change.</param>
    /// <exception cref="StrakeException">NotFound. Invalid: names the parameter.</exception>
    public Task ModifyAsync(string name, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken) => InWordsAsync(async () =>
    {
        await volumes.ModifyAsync(name, parameters, cancellationToken);
        return true;
    });

    /// <summary>Takes a snapshot, or finds the one that an earlier call for it has taken.</summary>
    /// <param name="name">The snapshot's name, and its id.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <exception cref="StrakeException">NotFound: the volume. AlreadyExists: one of that name is of another volume. InUse: somebody writes who cannot be held.</exception>
    public Task<ServedSnapshot> SnapshotAsync(string name, string volume, CancellationToken cancellationToken) =>
        InWordsAsync(async () => ViewOf(await snapshots.TakeAsync(name, volume, group: null, cancellationToken)));

    /// <summary>A snapshot that there is.</summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound.</exception>
    public async Task<ServedSnapshot> GetSnapshotAsync(string id, CancellationToken cancellationToken) =>
        await records.Snapshots.GetAsync(id, cancellationToken) is { Value.IsMade: true } record
            ? ViewOf(record)
            : throw StrakeException.NotFound($"{StrakeCsi.Name}: there is no snapshot {id}");

    /// <summary>Removes a snapshot; one that is not there is removed already.</summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <exception cref="StrakeException">Invalid: it is one of a group.</exception>
    public Task RemoveSnapshotAsync(string id, CancellationToken cancellationToken) => InWordsAsync(async () =>
    {
        await snapshots.DeleteAsync(id, cancellationToken);
        return true;
    });

    static ServedSnapshot ViewOf(Versioned<ServedSnapshotRecord> record) => new(record.Id, record.Value.Volume, record.Value.SizeBytes, record.Value.CreatedAt);

    static CreateVolumeRequest RequestOf(ServedOrder order)
    {
        var capability = new VolumeCapability { AccessMode = new() { Mode = AccessMode.SingleNodeMultiWriter } };
        if (order.IsBlock)
            capability.Block = new();
        else
            capability.Mount = new() { FsType = order.FsType, MountFlags = { order.MountFlags } };
        var request = new CreateVolumeRequest
        {
            Name = order.Name,
            CapacityRange = new CapacityRange { RequiredBytes = order.RequiredBytes },
            VolumeCapabilities = { capability },
            Parameters = { order.Parameters.ToDictionary() },
            MutableParameters = { order.MutableParameters.ToDictionary() },
        };
        if (order.Snapshot is { } snapshot)
            request.VolumeContentSource = new VolumeContentSource { Snapshot = new() { SnapshotId = snapshot } };
        else if (order.Original is { } original)
            request.VolumeContentSource = new VolumeContentSource { Volume = new() { VolumeId = original } };
        return request;
    }

    static async Task<T> InWordsAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (GrpcException refused)
        {
            throw CsiStatus.ErrorOf(StrakeCsi.Name, refused);
        }
    }
}
