using System.Collections.Concurrent;
using Strake.Csi;
using ControllerCall = Strake.Csi.ControllerServiceCapability.Types.RPC.Types.Type;
using NodeCall = Strake.Csi.NodeServiceCapability.Types.RPC.Types.Type;
using UsageUnit = Strake.Csi.VolumeUsage.Types.Unit;

namespace Strake.Volumes;

/// <summary>Volumes of a driver of the Container Storage Interface, found at a socket, under its own name.</summary>
/// <remarks>
/// A volume is published once on this node, at one place, for all who use it here. What the driver was asked for stands in the
/// <see cref="ICsiJournal"/>: names of users never reach the driver, and its ids never reach them. A volume that may exist at the driver and has
/// no name here (any more) is removed there as soon as the driver lets that be done.
/// </remarks>
public sealed partial class CsiVolumeDriver : IDistantVolumeDriver, IGroupingVolumeDriver, IModifiableVolumeDriver
{
    // A container's end waits this long for a driver; the volume's way back goes on without it.
    static readonly TimeSpan s_endPatience = TimeSpan.FromSeconds(2);

    readonly CsiLink link;
    readonly CsiShelf shelf;
    readonly CsiPaths paths;
    readonly CsiController controller;
    readonly CsiNode node;
    readonly CsiSnapshots snapshots;
    readonly PluginQuestions questions;
    readonly Func<bool> isOpen;
    readonly TimeProvider time;
    readonly NameQueue turns = new();

    // Who took a volume in this run of the engine: whoever else stands in the journal was left by an earlier one.
    readonly ConcurrentDictionary<(string Handle, string Holder), bool> claims = new();

    // Why volumes that are nobody's could not be removed, when it was tried last.
    readonly ConcurrentDictionary<string, string> kept = new(StringComparer.Ordinal);

    // Volumes that are nobody's yet, while somebody makes them.
    readonly ConcurrentDictionary<string, bool> underWay = new(StringComparer.Ordinal);

    internal CsiVolumeDriver(string name, ICsiJournal journal, string root, string boot, Func<bool> isOpen, Func<string, CancellationToken, Task> gathering, TimeProvider time)
    {
        Name = name;
        (this.isOpen, this.time) = (isOpen, time);
        link = new CsiLink(name, gathering);
        shelf = new CsiShelf(journal);
        paths = new CsiPaths(root, name, time);
        controller = new CsiController(link, shelf);
        node = new CsiNode(link, shelf, paths, boot);
        snapshots = new CsiSnapshots(link, shelf, time);
        questions = new PluginQuestions(time);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Scope => "local";

    /// <summary>Whether there is a way to it now, or volumes of it.</summary>
    internal bool IsKnown => link.Current is not null || !shelf.IsEmpty;

    /// <summary>The way to it; null: there is none now.</summary>
    internal CsiConnection? Connection
    {
        get => link.Current;
        set => link.Current = value;
    }

    /// <inheritdoc/>
    public void Validate(IReadOnlyDictionary<string, string> options) => CsiOptions.Parse(options);

    /// <inheritdoc/>
    public async Task CreateAsync(VolumeName name, IReadOnlyDictionary<string, string> options, CancellationToken cancellationToken)
    {
        if (shelf.Find(name) is { State: CsiVolumeState.Ready })
            return;
        await InWordsAsync($"create {name}", async () =>
        {
            CsiOptions parsed = CsiOptions.Parse(options);
            CsiSecrets.Read(parsed.SecretsFile);
            if (parsed.Id is { } id)
            {
                await AdoptAsync(name, options, parsed, id, cancellationToken);
                return;
            }

            await RequireAsync(ControllerCall.CreateDeleteVolume, $"makes no volumes; name one that it has (-o {CsiOptions.ExistingId}=…)", cancellationToken);
            await MakeAsync(shelf.Find(name) ?? NewVolume(name, options, source: null), parsed);
        });
    }

    /// <inheritdoc/>
    public string PathOf(VolumeName name) => shelf.Find(name) is { } volume ? paths.Target(volume, CsiOptions.Parse(volume.Options).IsBlock) : "";

    /// <inheritdoc/>
    public string StagingOf(VolumeName name) => Path.Combine(PathOf(name), VolumeContent.StagingInside);

    /// <inheritdoc/>
    public bool TakesFiles(VolumeName name) => shelf.Find(name) is not { } volume || CsiOptions.Parse(volume.Options) is { IsBlock: false, IsReadOnly: false };

    /// <inheritdoc/>
    public async Task<string> MountAsync(VolumeName name, string holder, CancellationToken cancellationToken)
    {
        string path = "";
        await InWordsAsync($"mount {name}", async () =>
        {
            IDisposable turn = await EnterAsync(Get(name), cancellationToken);
            try
            {
                path = await MountAsync(Get(name), holder);
            }
            catch
            {
                if (shelf.Find(name) is { } volume && volume.Holders.Contains(holder))
                    await LetGoAsync(volume, holder, turn);
                else
                    turn.Dispose();
                throw;
            }

            turn.Dispose();
        });
        return path;
    }

    /// <inheritdoc/>
    public async Task UnmountAsync(VolumeName name, string holder, CancellationToken cancellationToken)
    {
        if (shelf.Find(name) is not { } known)
            return;
        IDisposable turn = await EnterAsync(known, cancellationToken);
        if (shelf.Find(name) is { } volume && volume.Holders.Contains(holder))
            await LetGoAsync(volume, holder, turn);
        else
            turn.Dispose();
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(VolumeName name, CancellationToken cancellationToken)
    {
        if (shelf.Find(name) is not { } known)
            return;
        // What nobody was told of, or was promised to go, needs no name until the driver is there.
        if (known.Id is null || known.State is CsiVolumeState.Creating || !isOpen())
        {
            await ForgetAsync(name);
            return;
        }

        await InWordsAsync($"remove {name}", async () =>
        {
            using IDisposable turn = await EnterAsync(known, cancellationToken);
            CsiVolume volume = Get(name);
            await node.WithdrawAsync(volume, CancellationToken.None);
            volume = Get(name);
            foreach (CsiSnapshot snapshot in volume.Snapshots)
                volume = await snapshots.RemoveAsync(volume, snapshot.Name, CancellationToken.None);
            await controller.DeleteAsync(volume, CancellationToken.None);
        });
        // What had to wait for its snapshots waits no more.
        SettleOrphansSoon();
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(VolumeName name)
    {
        if (shelf.Find(name) is not { } known)
            return;
        using (await EnterAsync(known, CancellationToken.None))
        {
            if (shelf.Find(name) is { } volume)
                await shelf.RecordAsync(volume with { Name = null, Holders = [], State = volume.Id is null ? CsiVolumeState.Creating : CsiVolumeState.Removing });
        }

        SettleOrphansSoon();
    }

    /// <inheritdoc/>
    public async Task<long> MeasureAsync(VolumeName name, CancellationToken cancellationToken) =>
        (await SpaceAsync(name, cancellationToken))?.UsedBytes ?? -1;

    /// <inheritdoc/>
    public async Task<VolumeSpace?> SpaceAsync(VolumeName name, CancellationToken cancellationToken)
    {
        if (shelf.Find(name) is not { } volume)
            return null;
        try
        {
            return SpaceOf(volume, await questions.AskAsync(async asking => new Answer(await node.StatsAsync(volume, asking)), cancellationToken));
        }
        catch (Exception unknown) when (unknown is CsiRefusalException or StrakeException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task ResizeAsync(VolumeName name, string size, CancellationToken cancellationToken)
    {
        long wanted = VolumeSize.Parse(size);
        await InWordsAsync($"resize {name}", async () =>
        {
            using IDisposable turn = await EnterAsync(Get(name), cancellationToken);
            CsiVolume volume = Get(name);
            if (wanted < volume.CapacityBytes)
                throw StrakeException.Invalid($"it has {volume.CapacityBytes} bytes, and volumes of CSI drivers cannot shrink");
            CsiAbilities abilities = await (await link.RequireAsync(cancellationToken)).AbilitiesAsync(CsiPatience.Work, cancellationToken);
            if (!abilities.Has(ControllerCall.ExpandVolume) && !abilities.Has(NodeCall.ExpandVolume))
                throw StrakeException.NotSupported($"the driver {Name} cannot resize volumes");
            if (abilities.ExpandsOfflineOnly && volume.Holders.Count > 0)
                throw StrakeException.InUse($"the driver {Name} resizes volumes only while nobody has them - [{string.Join(", ", volume.Holders)}]; stop those first");
            if (wanted > volume.CapacityBytes)
                volume = await controller.ExpandAsync(volume, size, CancellationToken.None);
            if (volume is { NeedsNodeExpansion: true, Place: CsiPlace.Published } && abilities.Has(NodeCall.ExpandVolume))
                await node.ExpandAsync(volume, CancellationToken.None);
        });
    }

    /// <inheritdoc/>
    public Task ModifyAsync(VolumeName name, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken) =>
        InWordsAsync($"modify {name}", async () =>
        {
            using IDisposable turn = await EnterAsync(Get(name), cancellationToken);
            await RequireAsync(ControllerCall.ModifyVolume, "changes no parameters of its volumes", cancellationToken);
            await controller.ModifyAsync(Get(name), parameters, CancellationToken.None);
        });

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> OptionsOf(VolumeName name) => shelf.Find(name)?.Options ?? new Dictionary<string, string>();

    /// <inheritdoc/>
    public bool? IsMounted(VolumeName name) => shelf.Find(name) is { } volume ? paths.IsThere(volume, CsiOptions.Parse(volume.Options).IsBlock) : null;

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => [.. shelf.All.Where(static volume => volume.Name is not null).Select(static volume => volume.Name!)];

    /// <summary>What is written down of a volume: what the driver calls it, and what it wants to hear again; null: it has none of that name.</summary>
    /// <param name="name">The volume.</param>
    public CsiVolume? Find(VolumeName name) => shelf.Find(name);

    /// <summary>Takes what an earlier run wrote down.</summary>
    internal void Load(CsiVolume volume) => shelf.Load(volume);

    async Task<CsiVolume> MakeAsync(CsiVolume volume, CsiOptions options)
    {
        volume = await shelf.RecordAsync(volume);
        try
        {
            return await controller.MakeAsync(volume, CancellationToken.None);
        }
        catch (CsiRefusalException refused) when (!refused.IsOpen && shelf.Find(volume.Handle) is { Id: null } nothing)
        {
            await shelf.DeleteAsync(nothing);
            throw await WithRoomAsync(refused, options);
        }
        catch (StrakeException) when (shelf.Find(volume.Handle) is { Id: null } nothing)
        {
            // The driver was not there to be asked.
            await shelf.DeleteAsync(nothing);
            throw;
        }
    }

    // Who asked for too much is told how much there is.
    async Task<Exception> WithRoomAsync(CsiRefusalException refused, CsiOptions options)
    {
        if (refused.Code is not Grpc.GrpcStatusCode.OutOfRange and not Grpc.GrpcStatusCode.ResourceExhausted)
            return refused;
        try
        {
            return await controller.CapacityAsync(options, CancellationToken.None) is { } room
                ? new CsiRefusalException(Name, "CreateVolume", new Grpc.GrpcException(refused.Code, $"{refused.Message} (GetCapacity: {room} bytes are left)"))
                : refused;
        }
        catch (CsiRefusalException)
        {
            return refused;
        }
    }

    async Task AdoptAsync(VolumeName name, IReadOnlyDictionary<string, string> options, CsiOptions parsed, string id, CancellationToken cancellationToken)
    {
        if (shelf.All.FirstOrDefault(other => other.Id == id) is { } taken)
            throw StrakeException.Conflict($"the volume {id} is {Describe(taken)} already");
        await controller.ValidateAsync(parsed, cancellationToken);
        await shelf.RecordAsync(NewVolume(name, options, source: null) with { Id = id, Context = parsed.Context, State = CsiVolumeState.Ready, CapacityBytes = parsed.SizeBytes });
    }

    // Takes over the volume's turn, which is over when the volume is off the node: who mounts it meanwhile waits.
    async Task LetGoAsync(CsiVolume volume, string holder, IDisposable turn)
    {
        claims.TryRemove((volume.Handle, holder), out _);
        try
        {
            volume = await shelf.StepAsync(volume with { Holders = [.. volume.Holders.Where(other => other != holder)] });
        }
        catch
        {
            turn.Dispose();
            throw;
        }

        FaultPoint.Reach("csi.unmount.recorded");
        if (volume.Holders.Count > 0 || volume.Place is CsiPlace.None || !isOpen())
        {
            turn.Dispose();
            return;
        }

        Task back = WithdrawAsync(volume, turn);
        try
        {
            await back.WaitAsync(s_endPatience, time);
        }
        catch (Exception later) when (later is TimeoutException or CsiRefusalException or StrakeException)
        {
            // It stands in the journal how far it came: whoever mounts or removes the volume next goes on, and so does the next start.
            _ = back.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    async Task WithdrawAsync(CsiVolume volume, IDisposable turn)
    {
        using (turn)
            await node.WithdrawAsync(volume, CancellationToken.None);
    }

    async Task<string> MountAsync(CsiVolume volume, string holder)
    {
        CsiOptions options = CsiOptions.Parse(volume.Options);
        if (options.Access is CsiAccess.ReadWriteOncePod && volume.Holders.FirstOrDefault(one => one != holder) is { } other)
            throw StrakeException.InUse($"it is for one user at once (access=RWOP), and {other} has it");
        claims[(volume.Handle, holder)] = true;
        if (!volume.Holders.Contains(holder))
            volume = await shelf.StepAsync(volume with { Holders = [.. volume.Holders, holder] });
        FaultPoint.Reach("csi.mount.recorded");
        await node.PublishAsync(volume, CancellationToken.None);
        return paths.Target(volume, options.IsBlock);
    }

    async Task RequireAsync(ControllerCall call, string otherwise, CancellationToken cancellationToken)
    {
        if (!(await (await link.RequireAsync(cancellationToken)).AbilitiesAsync(CsiPatience.Work, cancellationToken)).Has(call))
            throw StrakeException.NotSupported($"the driver {Name} {otherwise}");
    }

    ValueTask<IDisposable> EnterAsync(CsiVolume volume, CancellationToken cancellationToken) => turns.EnterAsync(VolumeName.Parse(volume.Handle), cancellationToken);

    CsiVolume Get(VolumeName name) => shelf.Find(name) is { State: not CsiVolumeState.Creating } volume
        ? volume
        : throw StrakeException.DataLoss($"nothing is known of what the driver {Name} calls the volume {name}; its record was lost");

    CsiVolume NewVolume(VolumeName? name, IReadOnlyDictionary<string, string> options, CsiSource? source) => new()
    {
        Driver = Name, Handle = CsiSnapshots.NewHandle(), Name = name?.ToString(), Options = options, Source = source,
    };

    async Task InWordsAsync(string operation, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (CsiRefusalException refused)
        {
            throw refused.InWords(operation);
        }
        catch (StrakeException failed)
        {
            throw new StrakeException(failed.Kind, $"{operation}: {failed.Message}", failed);
        }
    }

    string Describe(CsiVolume volume) => volume.Name is { } name ? $"volume {name}" : $"the volume {volume.Id ?? volume.Handle} of the CSI driver \"{Name}\"";

    static VolumeSpace? SpaceOf(CsiVolume volume, Answer? answer)
    {
        if (answer?.Stats is not { } stats)
            return null;
        VolumeUsage? bytes = stats.Usage.FirstOrDefault(static usage => usage.Unit is UsageUnit.Bytes);
        VolumeUsage? inodes = stats.Usage.FirstOrDefault(static usage => usage.Unit is UsageUnit.Inodes);
        if (bytes is null)
            return null;
        long? limit = bytes.Total > 0 ? bytes.Total : volume.CapacityBytes > 0 ? volume.CapacityBytes : null;
        return new VolumeSpace(bytes.Used, limit, inodes?.Used, inodes is { Total: > 0 } ? inodes.Total : null, volume.Driver);
    }

    // An answer that there is nothing is not the same as none.
    sealed record Answer(NodeGetVolumeStatsResponse? Stats);
}
