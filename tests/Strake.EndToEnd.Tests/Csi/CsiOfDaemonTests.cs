using Strake.Csi;
using Strake.EndToEnd.Tests.Harness;
using Strake.Grpc;

namespace Strake.EndToEnd.Tests.Csi;

/// <summary>What an orchestrator has is what docker has: one list of volumes, one ledger of who uses them.</summary>
public sealed class CsiOfDaemonTests : IAsyncLifetime
{
    string socket = "";
    Engine engine = null!;
    GrpcChannel channel = null!;

    public async ValueTask InitializeAsync()
    {
        socket = Path.Combine(Directory.CreateTempSubdirectory("strake-csi-").FullName, "csi.sock");
        engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--csi-endpoint", "unix://" + socket, "--node-id", "node-1"] });
        channel = GrpcChannel.To(GrpcAddress.Unix(socket), new GrpcChannelOptions());
        await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await engine.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(socket)!, recursive: true);
    }

    [Fact]
    public async Task A_volume_of_the_orchestrator_is_one_of_dockers_and_the_other_way_round()
    {
        await CallAsync(ControllerMethods.CreateVolume, Order("claimed"));
        Assert.Equal("claimed", await engine.Docker.OkAsync("volume", "ls", "-q"));
        await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", "claimed:/v", "busybox", "sh", "-c", "echo docker > /v/f");
        var place = Path.Combine(engine.Scratch, "place");
        await CallAsync(NodeMethods.NodePublishVolume, Publication("claimed", place));
        Assert.Equal("docker\n", File.ReadAllText(Path.Combine(place, "f")));
        Assert.Contains("in use", (await engine.Docker.RunAsync("volume", "rm", "claimed")).Error, StringComparison.Ordinal);
        await CallAsync(NodeMethods.NodeUnpublishVolume, new NodeUnpublishVolumeRequest { VolumeId = "claimed", TargetPath = place });
        await CallAsync(ControllerMethods.DeleteVolume, new DeleteVolumeRequest { VolumeId = "claimed" });
        Assert.Equal("", await engine.Docker.OkAsync("volume", "ls", "-q"));

        await engine.Docker.OkAsync("volume", "create", "mine");
        await CallAsync(NodeMethods.NodePublishVolume, Publication("mine", place));
        File.WriteAllText(Path.Combine(place, "f"), "orchestrator\n");
        await CallAsync(NodeMethods.NodeUnpublishVolume, new NodeUnpublishVolumeRequest { VolumeId = "mine", TargetPath = place });
        Assert.Equal("orchestrator", await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", "mine:/v", "busybox", "cat", "/v/f"));
        var refused = await Assert.ThrowsAsync<GrpcException>(() => CallAsync(ControllerMethods.DeleteVolume, new DeleteVolumeRequest { VolumeId = "mine" }));
        Assert.Equal(GrpcStatusCode.FailedPrecondition, refused.Code);
    }

    [Fact]
    public async Task A_place_stays_when_the_daemon_is_killed()
    {
        await CallAsync(ControllerMethods.CreateVolume, Order("kept"));
        var place = Path.Combine(engine.Scratch, "place");
        await CallAsync(NodeMethods.NodePublishVolume, Publication("kept", place));
        File.WriteAllText(Path.Combine(place, "f"), "kept");
        await engine.KillAsync();
        await engine.LaunchAsync();
        Assert.Equal("kept", File.ReadAllText(Path.Combine(place, "f")));
        Assert.Contains("in use", (await engine.Docker.RunAsync("volume", "rm", "kept")).Error, StringComparison.Ordinal);
        await CallAsync(NodeMethods.NodePublishVolume, Publication("kept", place));
        await CallAsync(NodeMethods.NodeUnpublishVolume, new NodeUnpublishVolumeRequest { VolumeId = "kept", TargetPath = place });
        await CallAsync(ControllerMethods.DeleteVolume, new DeleteVolumeRequest { VolumeId = "kept" });
        Assert.Contains("0 findings", (await engine.FsckAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_is_of_one_moment_though_a_container_writes_to_all_of_it()
    {
        foreach (var name in (string[])["one", "two"]) await CallAsync(ControllerMethods.CreateVolume, Order(name));
        // Each number is in the first before it is in the second: at no moment is the second ahead.
        var writer = engine.NewContainer();
        await engine.Docker.OkAsync(
            "run", "-d", "--name", writer, "--network", "none", "-v", "one:/one", "-v", "two:/two", "busybox", "sh", "-c",
            "n=0; while n=$((n+1)); do echo $n > /one/n.new; mv /one/n.new /one/n; echo $n > /two/n.new; mv /two/n.new /two/n; done");
        await Until.TrueAsync(async () => (await engine.Docker.RunAsync("exec", writer, "cat", "/two/n")).Code == 0, "the container writes");
        var group = (await CallAsync(GroupControllerMethods.CreateVolumeGroupSnapshot, new() { Name = "both", SourceVolumeIds = { "one", "two" } })).GroupSnapshot;
        Assert.Equal("running", await engine.Docker.ValueAsync(writer, "{{.State.Status}}"));
        var numbers = new List<long>();
        foreach (var snapshot in group.Snapshots.OrderBy(static snapshot => snapshot.SourceVolumeId, StringComparer.Ordinal))
        {
            var order = Order("of-" + snapshot.SourceVolumeId);
            order.VolumeContentSource = new() { Snapshot = new() { SnapshotId = snapshot.SnapshotId } };
            await CallAsync(ControllerMethods.CreateVolume, order);
            numbers.Add(long.Parse(await engine.Docker.OkAsync("run", "--rm", "--network", "none", "-v", order.Name + ":/v", "busybox", "cat", "/v/n"), System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.InRange(numbers[1], numbers[0] - 1, numbers[0]);
        await engine.Docker.OkAsync("rm", "-f", writer);
        await CallAsync(GroupControllerMethods.DeleteVolumeGroupSnapshot, new() { GroupSnapshotId = group.GroupSnapshotId });
        foreach (var name in (string[])["one", "two", "of-one", "of-two"]) await CallAsync(ControllerMethods.DeleteVolume, new() { VolumeId = name });
        Assert.Equal("", await engine.Docker.OkAsync("volume", "ls", "-q"));
    }

    Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class
        where TResponse : class =>
        channel.CallAsync(method, request, new GrpcCallOptions { Timeout = TimeSpan.FromMinutes(1), WaitForReady = true }, TestContext.Current.CancellationToken);

    static CreateVolumeRequest Order(string name) => new()
    {
        Name = name,
        CapacityRange = new() { RequiredBytes = 16 << 20 },
        VolumeCapabilities = { Capability() },
        Parameters = { ["backend"] = "image" },
    };

    static NodePublishVolumeRequest Publication(string volume, string place) => new() { VolumeId = volume, TargetPath = place, VolumeCapability = Capability() };

    static VolumeCapability Capability() => new()
    {
        Mount = new(),
        AccessMode = new() { Mode = VolumeCapability.Types.AccessMode.Types.Mode.SingleNodeWriter },
    };
}
