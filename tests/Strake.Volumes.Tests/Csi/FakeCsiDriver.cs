using System.Collections.Concurrent;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Strake.Csi;
using Strake.Csi.Registration;
using Strake.Grpc;
using AccessModes = Strake.Csi.VolumeCapability.Types.AccessMode.Types.Mode;
using ControllerCall = Strake.Csi.ControllerServiceCapability.Types.RPC.Types.Type;
using GroupCall = Strake.Csi.GroupControllerServiceCapability.Types.RPC.Types.Type;
using NodeCall = Strake.Csi.NodeServiceCapability.Types.RPC.Types.Type;
using Service = Strake.Csi.PluginCapability.Types.Service.Types.Type;

namespace Strake.Volumes.Tests.Csi;

/// <summary>A CSI driver on a socket, in this process: it has all calls, writes down what it is asked, and can be told to do anything else.</summary>
public sealed class FakeCsiDriver : IAsyncDisposable
{
    public const string Node = "node-1";

    readonly string socket;
    readonly FakeCsiStorage storage;
    readonly KestrelServer server;
    readonly GrpcServer calls;

    public FakeCsiDriver(string socket, FakeCsiStorage storage)
    {
        (this.socket, this.storage) = (socket, storage);
        Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        File.Delete(socket);
        calls = new GrpcServer(Handlers(), new GrpcServerOptions());
        var kestrel = new KestrelServerOptions();
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(new UnixDomainSocketEndPoint(socket), static listen => listen.Protocols = HttpProtocols.Http2);
        server = new KestrelServer(
            Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
    }

    public string Name { get; set; } = "fake.csi.example";

    public FakeCsiStorage Storage => storage;

    /// <summary>Before a call has its effect: method and which one of it, from 1. What it throws is the answer.</summary>
    public Func<string, int, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    /// <summary>The same after the effect.</summary>
    public Func<string, int, Task> After { get; set; } = static (_, _) => Task.CompletedTask;

    public ConcurrentQueue<string> Calls { get; } = [];

    public HashSet<ControllerCall> Controller { get; } =
    [
        ControllerCall.CreateDeleteVolume, ControllerCall.PublishUnpublishVolume, ControllerCall.ListVolumes, ControllerCall.GetCapacity, ControllerCall.CreateDeleteSnapshot,
        ControllerCall.CloneVolume, ControllerCall.ExpandVolume, ControllerCall.ModifyVolume,
    ];

    public HashSet<NodeCall> OnNode { get; } = [NodeCall.StageUnstageVolume, NodeCall.GetVolumeStats, NodeCall.ExpandVolume];

    /// <summary>What the last CreateVolume asked for.</summary>
    public CreateVolumeRequest? LastCreate { get; private set; }

    public bool MountsNothing { get; set; }

    public long Room { get; set; } = 1L << 40;

    /// <summary>What a registrar was told.</summary>
    public TaskCompletionSource<RegistrationStatus> Registered { get; private set; } = new();

    public async Task<FakeCsiDriver> StartAsync()
    {
        await server.StartAsync(new Application(calls), CancellationToken.None);
        return this;
    }

    /// <summary>A registrar of this driver, on a socket of its own.</summary>
    public async Task<IAsyncDisposable> RegisterAsync(string registrar, string version = "1.0.0")
    {
        Registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var other = new FakeCsiDriver(registrar, storage, this, version);
        return await other.StartAsync();
    }

    FakeCsiDriver(string socket, FakeCsiStorage storage, FakeCsiDriver driver, string version)
        : this(socket, storage) => calls = new GrpcServer(
        [
            GrpcHandler.Unary(RegistrationMethods.GetInfo, (_, _) => Task.FromResult(
                new PluginInfo { Type = RegistrationMethods.DriverType, Name = driver.Name, Endpoint = driver.socket, SupportedVersions = { version } })),
            GrpcHandler.Unary(RegistrationMethods.NotifyRegistrationStatus, (status, _) =>
            {
                driver.Registered.TrySetResult(status);
                return Task.FromResult(new RegistrationStatusResponse());
            }),
        ],
        new GrpcServerOptions());

    public async ValueTask DisposeAsync()
    {
        using (var now = new CancellationTokenSource())
        {
            await now.CancelAsync();
            await server.StopAsync(now.Token);
        }

        server.Dispose();
        // Its folder may be gone before it.
        if (File.Exists(socket))
            File.Delete(socket);
    }

    public static GrpcException Error(GrpcStatusCode code, string text) => new(code, text);

    IEnumerable<GrpcHandler> Handlers() =>
    [
        On(IdentityMethods.GetPluginInfo, _ => new() { Name = Name, VendorVersion = "1" }),
        On(IdentityMethods.Probe, static _ => new() { Ready = true }),
        On(IdentityMethods.GetPluginCapabilities, static _ => new()
        {
            Capabilities =
            {
                new PluginCapability { Service = new() { Type = Service.ControllerService } },
                new PluginCapability { Service = new() { Type = Service.VolumeAccessibilityConstraints } },
                new PluginCapability { Service = new() { Type = Service.GroupControllerService } },
            },
        }),
        On(ControllerMethods.ControllerGetCapabilities, _ => new() { Capabilities = { Controller.Select(static call => new ControllerServiceCapability { Rpc = new() { Type = call } }) } }),
        On(NodeMethods.NodeGetCapabilities, _ => new() { Capabilities = { OnNode.Select(static call => new NodeServiceCapability { Rpc = new() { Type = call } }) } }),
        On(GroupControllerMethods.GroupControllerGetCapabilities, static _ => new()
        {
            Capabilities = { new GroupControllerServiceCapability { Rpc = new() { Type = GroupCall.CreateDeleteGetVolumeGroupSnapshot } } },
        }),
        On(NodeMethods.NodeGetInfo, static _ => new() { NodeId = Node, AccessibleTopology = new() { Segments = { { "zone", "here" } } } }),
        On(ControllerMethods.CreateVolume, Create),
        On(ControllerMethods.DeleteVolume, Delete),
        On(ControllerMethods.ValidateVolumeCapabilities, Validate),
        On(ControllerMethods.ControllerPublishVolume, Attach),
        On(ControllerMethods.ControllerUnpublishVolume, Detach),
        On(ControllerMethods.ListVolumes, List),
        On(ControllerMethods.GetCapacity, _ => new() { AvailableCapacity = Room }),
        On(ControllerMethods.CreateSnapshot, Snapshot),
        On(ControllerMethods.DeleteSnapshot, request =>
        {
            storage.Snapshots.Remove(request.SnapshotId);
            return new DeleteSnapshotResponse();
        }),
        On(ControllerMethods.ControllerExpandVolume, Expand),
        On(ControllerMethods.ControllerModifyVolume, Modify),
        On(GroupControllerMethods.CreateVolumeGroupSnapshot, SnapshotGroup),
        On(GroupControllerMethods.DeleteVolumeGroupSnapshot, request =>
        {
            foreach (string id in storage.Snapshots.Where(one => one.Value.Group == request.GroupSnapshotId).Select(static one => one.Key).ToList())
                storage.Snapshots.Remove(id);
            return new DeleteVolumeGroupSnapshotResponse();
        }),
        On(NodeMethods.NodeStageVolume, Stage),
        On(NodeMethods.NodeUnstageVolume, Unstage),
        On(NodeMethods.NodePublishVolume, Publish),
        On(NodeMethods.NodeUnpublishVolume, Unpublish),
        On(NodeMethods.NodeExpandVolume, request =>
        {
            FakeCsiVolume volume = Find(request.VolumeId);
            volume.IsExpandedOnNode = true;
            return new NodeExpandVolumeResponse { CapacityBytes = volume.Capacity };
        }),
        On(NodeMethods.NodeGetVolumeStats, request => new()
        {
            Usage =
            {
                new VolumeUsage { Unit = VolumeUsage.Types.Unit.Bytes, Total = Find(request.VolumeId).Capacity, Used = 17, Available = 1 },
                new VolumeUsage { Unit = VolumeUsage.Types.Unit.Inodes, Total = 100, Used = 3, Available = 97 },
            },
        }),
    ];

    GrpcHandler On<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, TResponse> body)
        where TRequest : class
        where TResponse : class =>
        GrpcHandler.Unary(method, async (request, _) =>
        {
            Calls.Enqueue(method.Name);
            int number = Calls.Count(name => name == method.Name);
            await Before(method.Name, number);
            TResponse response;
            lock (storage.Gate)
                response = body(request);
            await After(method.Name, number);
            return response;
        });

    CreateVolumeResponse Create(CreateVolumeRequest request)
    {
        LastCreate = request;
        (string id, FakeCsiVolume? volume) = storage.Volumes.FirstOrDefault(one => one.Value.Name == request.Name);
        if (volume is null)
        {
            if (request.CapacityRange?.RequiredBytes > Room)
                throw Error(GrpcStatusCode.OutOfRange, "too large");
            id = storage.NewId("vol");
            volume = new FakeCsiVolume { Name = request.Name, Capacity = request.CapacityRange?.RequiredBytes ?? 1 << 20, Parameters = new Dictionary<string, string>(request.Parameters) };
            if (request.VolumeContentSource?.Snapshot is { } snapshot)
                storage.Copy(storage.Snapshots.ContainsKey(snapshot.SnapshotId) ? snapshot.SnapshotId : throw Error(GrpcStatusCode.NotFound, "no such snapshot"), id);
            if (request.VolumeContentSource?.Volume is { } source)
                storage.Copy(storage.Volumes.ContainsKey(source.VolumeId) ? source.VolumeId : throw Error(GrpcStatusCode.NotFound, "no such volume"), id);
            storage.Volumes[id] = volume;
        }

        return new()
        {
            Volume = new()
            {
                VolumeId = id, CapacityBytes = volume.Capacity, VolumeContext = { { "made", "by-fake" } }, ContentSource = request.VolumeContentSource,
            },
        };
    }

    DeleteVolumeResponse Delete(DeleteVolumeRequest request)
    {
        if (storage.Volumes.TryGetValue(request.VolumeId, out FakeCsiVolume? volume))
        {
            if (volume.Staged is not null || volume.Published.Count > 0 || volume.Attached)
                storage.Mistakes.Add($"{request.VolumeId} was removed while it was on a node");
            storage.Volumes.Remove(request.VolumeId);
        }

        return new();
    }

    ValidateVolumeCapabilitiesResponse Validate(ValidateVolumeCapabilitiesRequest request)
    {
        Find(request.VolumeId);
        return request.VolumeCapabilities.Any(static one => one.AccessMode.Mode is AccessModes.MultiNodeMultiWriter)
            ? new() { Message = "one node only" }
            : new() { Confirmed = new() { VolumeCapabilities = { request.VolumeCapabilities } } };
    }

    ControllerPublishVolumeResponse Attach(ControllerPublishVolumeRequest request)
    {
        if (request.NodeId != Node || request.VolumeContext.GetValueOrDefault("made") != "by-fake")
            storage.Mistakes.Add($"ControllerPublishVolume of {request.VolumeId} for {request.NodeId} without its context");
        Find(request.VolumeId).Attached = true;
        return new() { PublishContext = { { "device", "fake" } } };
    }

    ControllerUnpublishVolumeResponse Detach(ControllerUnpublishVolumeRequest request)
    {
        FakeCsiVolume volume = Find(request.VolumeId);
        if (volume.Staged is not null || volume.Published.Count > 0)
            storage.Mistakes.Add($"{request.VolumeId} was detached while it was staged or published");
        volume.Attached = false;
        return new();
    }

    ListVolumesResponse List(ListVolumesRequest request)
    {
        const int Page = 2;
        int start = request.StartingToken.Length == 0 ? 0 : int.Parse(request.StartingToken, System.Globalization.CultureInfo.InvariantCulture);
        var answer = new ListVolumesResponse { NextToken = storage.Volumes.Count > start + Page ? $"{start + Page}" : "" };
        answer.Entries.Add(storage.Volumes.Keys.Skip(start).Take(Page).Select(static id => new ListVolumesResponse.Types.Entry { Volume = new() { VolumeId = id } }));
        return answer;
    }

    CreateSnapshotResponse Snapshot(CreateSnapshotRequest request)
    {
        Find(request.SourceVolumeId);
        string? id = storage.Snapshots.Where(one => one.Value.Name == request.Name).Select(static one => one.Key).FirstOrDefault();
        bool isNew = id is null;
        id ??= storage.NewId("snap");
        storage.Snapshots[id] = (request.Name, request.SourceVolumeId, "");
        if (isNew)
            storage.Copy(request.SourceVolumeId, id);
        // Ready when it is asked for again.
        return new() { Snapshot = Describe(id, isReady: !isNew) };
    }

    CreateVolumeGroupSnapshotResponse SnapshotGroup(CreateVolumeGroupSnapshotRequest request)
    {
        string group = "group/" + request.Name;
        var answer = new VolumeGroupSnapshot { GroupSnapshotId = group, ReadyToUse = true, CreationTime = new Timestamp { Seconds = 1 } };
        foreach (string source in request.SourceVolumeIds)
        {
            Find(source);
            string id = $"{group}/{source}";
            if (storage.Snapshots.TryAdd(id, (request.Name, source, group)))
                storage.Copy(source, id);
            answer.Snapshots.Add(Describe(id, isReady: true));
        }

        return new() { GroupSnapshot = answer };
    }

    Snapshot Describe(string id, bool isReady) =>
        new() { SnapshotId = id, SourceVolumeId = storage.Snapshots[id].Source, SizeBytes = 1, ReadyToUse = isReady, CreationTime = new Timestamp { Seconds = 1 } };

    ControllerExpandVolumeResponse Expand(ControllerExpandVolumeRequest request)
    {
        FakeCsiVolume volume = Find(request.VolumeId);
        (volume.Capacity, volume.IsExpandedOnNode) = (request.CapacityRange.RequiredBytes, false);
        return new() { CapacityBytes = volume.Capacity, NodeExpansionRequired = true };
    }

    ControllerModifyVolumeResponse Modify(ControllerModifyVolumeRequest request)
    {
        foreach ((string name, string value) in request.MutableParameters)
            Find(request.VolumeId).Mutable[name] = value;
        return new();
    }

    NodeStageVolumeResponse Stage(NodeStageVolumeRequest request)
    {
        FakeCsiVolume volume = Find(request.VolumeId);
        bool wasAttached = !Controller.Contains(ControllerCall.PublishUnpublishVolume) || (volume.Attached && request.PublishContext.GetValueOrDefault("device") == "fake");
        if (!wasAttached || !Directory.Exists(request.StagingTargetPath) || (volume.Staged is { } other && other != request.StagingTargetPath))
            storage.Mistakes.Add($"NodeStageVolume of {request.VolumeId} without its attachment, its directory, or at another place");
        if (!MountsNothing)
            storage.Bind(storage[request.VolumeId], request.StagingTargetPath);
        volume.Staged = request.StagingTargetPath;
        return new();
    }

    NodeUnstageVolumeResponse Unstage(NodeUnstageVolumeRequest request)
    {
        FakeCsiVolume volume = Find(request.VolumeId);
        if (volume.Published.Count > 0)
            storage.Mistakes.Add($"{request.VolumeId} was unstaged while it was published");
        storage.Unbind(request.StagingTargetPath);
        volume.Staged = null;
        return new();
    }

    NodePublishVolumeResponse Publish(NodePublishVolumeRequest request)
    {
        FakeCsiVolume volume = Find(request.VolumeId);
        if (OnNode.Contains(NodeCall.StageUnstageVolume) && volume.Staged != request.StagingTargetPath)
            throw Error(GrpcStatusCode.FailedPrecondition, "it is not staged");
        if (volume.Published.Count > 0 && !volume.Published.Contains(request.TargetPath))
            throw Error(GrpcStatusCode.FailedPrecondition, "it is published elsewhere");
        if (!MountsNothing)
            storage.Bind(storage[request.VolumeId], request.TargetPath);
        volume.Published.Add(request.TargetPath);
        return new();
    }

    NodeUnpublishVolumeResponse Unpublish(NodeUnpublishVolumeRequest request)
    {
        storage.Unbind(request.TargetPath);
        if (Directory.Exists(request.TargetPath))
            Directory.Delete(request.TargetPath);
        Find(request.VolumeId).Published.Remove(request.TargetPath);
        return new();
    }

    FakeCsiVolume Find(string id) => storage.Volumes.TryGetValue(id, out FakeCsiVolume? volume) ? volume : throw Error(GrpcStatusCode.NotFound, $"no volume {id}");

    sealed class Application(GrpcServer calls) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => calls.HandleAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
