using Strake.Csi;
using Strake.Grpc;
using Xunit;
using Mode = Strake.Csi.VolumeCapability.Types.AccessMode.Types.Mode;

namespace Strake.Conformance.Csi;

/// <summary>
/// What every driver of the Container Storage Interface must do, asked through its socket: each call, each error of the specification's tables, ten
/// repeats of whatever is idempotent, paging, limits. What a driver does not announce is not asked of it.
/// </summary>
/// <remarks>Container Storage Interface 1.12, spec.md.</remarks>
public abstract partial class CsiDriverSuite : IAsyncLifetime
{
    /// <summary>How often what is idempotent is repeated.</summary>
    protected const int Repeats = 10;

    /// <summary>A size that every driver can give; bytes.</summary>
    protected const long Size = 16L << 20;

    readonly Stack<Func<Task>> leftovers = new();
    GrpcChannel? channel;
    HashSet<ControllerServiceCapability.Types.RPC.Types.Type> controller = [];
    HashSet<NodeServiceCapability.Types.RPC.Types.Type> node = [];
    int names;

    /// <summary>Starts the driver.</summary>
    /// <returns>Where it is served.</returns>
    protected abstract Task<GrpcAddress> StartAsync();

    /// <summary>A folder of the host for places of volumes; there, empty, and removed by its owner.</summary>
    protected abstract string Places { get; }

    /// <summary>The parameters of volumes that are made.</summary>
    protected virtual IReadOnlyDictionary<string, string> Parameters => new Dictionary<string, string>();

    /// <summary>Whether volumes are devices.</summary>
    protected virtual bool IsBlock => false;

    /// <summary>Whether a volume that is published for writing can be copied.</summary>
    protected virtual bool CopiesPublished => true;

    /// <summary>Whether a write beyond a volume's size is refused.</summary>
    protected virtual bool KeepsSizes => true;

    /// <summary>The test's end.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        channel = GrpcChannel.To(await StartAsync(), new GrpcChannelOptions());
        controller = [.. (await CallAsync(ControllerMethods.ControllerGetCapabilities, new())).Capabilities.Select(static one => one.Rpc.Type)];
        node = [.. (await CallAsync(NodeMethods.NodeGetCapabilities, new())).Capabilities.Select(static one => one.Rpc.Type)];
    }

    /// <summary>Removes what the test has made, the last first.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        try
        {
            while (leftovers.TryPop(out Func<Task>? remove))
                await remove();
        }
        finally
        {
            channel?.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Calls the driver.</summary>
    protected Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class
        where TResponse : class =>
        channel!.CallAsync(method, request, new GrpcCallOptions { Timeout = TimeSpan.FromMinutes(2) }, Token);

    /// <summary>Calls the driver, which has to refuse.</summary>
    protected async Task RefusedAsync<TRequest, TResponse>(GrpcStatusCode code, GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        GrpcException refusal = await Assert.ThrowsAsync<GrpcException>(() => CallAsync(method, request));
        Assert.True(refusal.Code == code, $"{method.Name}: {refusal.Code} where {code} is due: {refusal.Status.Message}");
        Assert.NotEmpty(refusal.Status.Message);
    }

    /// <summary>Skips the test where the controller does not have a call.</summary>
    protected void Require(ControllerServiceCapability.Types.RPC.Types.Type call) => Assert.SkipUnless(controller.Contains(call), $"the driver does not announce {call}");

    /// <summary>Skips the test where the node does not have a call.</summary>
    protected void Require(NodeServiceCapability.Types.RPC.Types.Type call) => Assert.SkipUnless(node.Contains(call), $"the driver does not announce {call}");

    /// <summary>How the suite's volumes are used.</summary>
    protected VolumeCapability Capability(Mode mode = Mode.SingleNodeWriter)
    {
        var capability = new VolumeCapability { AccessMode = new() { Mode = mode } };
        if (IsBlock) capability.Block = new();
        else capability.Mount = new();
        return capability;
    }

    /// <summary>A name that no other test has.</summary>
    protected string Name(string what = "volume") => $"conformance-{GetType().Name.ToLowerInvariant()}-{what}-{TestContext.Current.Test?.UniqueID[..12]}-{names++}";

    /// <summary>A request for a volume of the suite's size.</summary>
    protected CreateVolumeRequest Order(string name, long size = Size) => new()
    {
        Name = name,
        CapacityRange = new() { RequiredBytes = size },
        VolumeCapabilities = { Capability() },
        Parameters = { Parameters.ToDictionary() },
    };

    /// <summary>Makes a volume, which goes with the test.</summary>
    protected async Task<Volume> CreateAsync(CreateVolumeRequest order)
    {
        Volume volume = (await CallAsync(ControllerMethods.CreateVolume, order)).Volume;
        leftovers.Push(() => CallAsync(ControllerMethods.DeleteVolume, new DeleteVolumeRequest { VolumeId = volume.VolumeId }));
        return volume;
    }

    /// <summary>Makes a snapshot, which goes with the test.</summary>
    protected async Task<Snapshot> SnapshotAsync(string name, string volume)
    {
        Snapshot snapshot = (await CallAsync(ControllerMethods.CreateSnapshot, new CreateSnapshotRequest { Name = name, SourceVolumeId = volume })).Snapshot;
        leftovers.Push(() => CallAsync(ControllerMethods.DeleteSnapshot, new DeleteSnapshotRequest { SnapshotId = snapshot.SnapshotId }));
        return snapshot;
    }

    /// <summary>A request to publish a volume.</summary>
    protected NodePublishVolumeRequest Publication(Volume volume, string? target = null, Mode mode = Mode.SingleNodeWriter, bool isReadOnly = false) => new()
    {
        VolumeId = volume.VolumeId,
        TargetPath = target ?? Place(),
        VolumeCapability = Capability(mode),
        VolumeContext = { volume.VolumeContext },
        Readonly = isReadOnly,
    };

    /// <summary>A place where nothing is yet.</summary>
    protected string Place() => Path.Combine(Places, $"place-{names++}");

    /// <summary>Publishes a volume; it is taken away with the test.</summary>
    protected async Task<string> PublishAsync(NodePublishVolumeRequest request)
    {
        await CallAsync(NodeMethods.NodePublishVolume, request);
        leftovers.Push(() => UnpublishAsync(request.VolumeId, request.TargetPath));
        return request.TargetPath;
    }

    /// <summary>Takes a volume away from a place.</summary>
    protected Task UnpublishAsync(string volume, string target) =>
        CallAsync(NodeMethods.NodeUnpublishVolume, new NodeUnpublishVolumeRequest { VolumeId = volume, TargetPath = target });

    /// <summary>Writes something to a published volume.</summary>
    protected async Task WriteAsync(string place, string text)
    {
        if (!IsBlock)
        {
            await File.WriteAllTextAsync(Path.Combine(place, "file"), text, Token);
            return;
        }

        await using var device = new FileStream(place, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        byte[] block = new byte[4096];
        System.Text.Encoding.UTF8.GetBytes(text, block);
        await device.WriteAsync(block, Token);
    }

    /// <summary>Reads what was written; empty: nothing was.</summary>
    protected async Task<string> ReadAsync(string place)
    {
        if (!IsBlock)
            return File.Exists(Path.Combine(place, "file")) ? await File.ReadAllTextAsync(Path.Combine(place, "file"), Token) : "";
        await using var device = new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        byte[] block = new byte[4096];
        await device.ReadExactlyAsync(block, Token);
        return System.Text.Encoding.UTF8.GetString(block).TrimEnd('\0');
    }

    /// <summary>Makes a volume that holds a text.</summary>
    protected async Task<Volume> WrittenAsync(string text)
    {
        Volume volume = await CreateAsync(Order(Name()));
        NodePublishVolumeRequest publication = Publication(volume);
        string place = await PublishAsync(publication);
        await WriteAsync(place, text);
        await UnpublishAsync(volume.VolumeId, place);
        return volume;
    }

    /// <summary>What a volume holds.</summary>
    protected async Task<string> ContentOfAsync(Volume volume)
    {
        string place = await PublishAsync(Publication(volume));
        string text = await ReadAsync(place);
        await UnpublishAsync(volume.VolumeId, place);
        return text;
    }
}
