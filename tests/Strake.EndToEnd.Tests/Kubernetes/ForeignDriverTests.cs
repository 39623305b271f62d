using System.Globalization;
using System.Text.Json.Nodes;
using Strake.Csi;
using Strake.EndToEnd.Tests.Csi;
using Strake.EndToEnd.Tests.Harness;
using Strake.Grpc;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Claims and pods with storage of somebody else's: a CSI driver in another language.</summary>
public sealed class ForeignDriverTests : IAsyncLifetime
{
    const string Idle = "trap 'exit 0' TERM; while true; do sleep 0.1; done";

    readonly string folder = Directory.CreateTempSubdirectory("strake-test-foreign-").FullName;
    FolderDriver driver = null!;
    Engine engine = null!;
    KubectlCli kubectl = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(KubectlCli.Exists, KubectlCli.Missing);
        driver = await FolderDriver.StartAsync(folder);
        try
        {
            engine = await Engine.StartAsync(new EngineOptions { Arguments = ["--kube-listen", "127.0.0.1:0", "--csi-driver", "unix://" + driver.Socket] });
            kubectl = new KubectlCli(Path.Combine(engine.ExecRoot, "kubeconfig"), engine.Scratch);
            await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        }
        catch
        {
            // What was not initialized is not disposed: the driver would outlive the tests.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (engine is not null)
        {
            await kubectl.RunAsync("delete", "pods", "--all", "--force", "--grace-period=0", "--wait=true");
            await Until.TrueAsync(async () => (await engine.Docker.RunAsync("ps", "-aq")).Output.Trim().Length == 0, "the containers of pods that were deleted are gone");
            await engine.DisposeAsync();
        }

        if (driver is not null) await driver.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_claim_is_made_mounted_grown_snapshotted_restored_cloned_and_removed()
    {
        await kubectl.ApplyAsync(Class("fast", "parameters: {kind: image}\nallowVolumeExpansion: true"));
        await kubectl.ApplyAsync(SnapshotClass("fast"));
        await kubectl.ApplyAsync(Claim("data", "fast", "64Mi"));
        await BoundAsync("data");
        Assert.Equal(FolderDriver.Name, await kubectl.OkAsync("get", "pv", "-o", "jsonpath={.items[0].spec.csi.driver}"));
        await RunAsync(Pod("writer", $"echo kept > /data/file; sync; {Idle}", "data"));

        await kubectl.OkAsync("patch", "pvc", "data", "-p", """{"spec":{"resources":{"requests":{"storage":"128Mi"}}}}""");
        // Without CAP_SYS_RESOURCE the kernel lets no mounted ext4 grow, for drivers of others neither.
        if (await GrowsAsync("data")) Assert.True(await KilobytesAsync("writer") > 100_000);

        await kubectl.ApplyAsync(Snapshot("before", "fast", "data"));
        await ReadySnapshotAsync("before");
        await kubectl.OkAsync("exec", "writer", "--", "sh", "-c", "echo new > /data/file; sync");
        await kubectl.ApplyAsync(Claim("restored", "fast", "128Mi", "  dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: before}"));
        await kubectl.ApplyAsync(Claim("cloned", "fast", "128Mi", "  dataSource: {kind: PersistentVolumeClaim, name: data}"));
        await BoundAsync("restored");
        await BoundAsync("cloned");
        await RunAsync(Pod("old", $"cat /data/file; {Idle}", "restored"));
        await RunAsync(Pod("new", $"cat /data/file; {Idle}", "cloned"));
        Assert.Equal("kept new", $"{await LogAsync("old")} {await LogAsync("new")}");

        await kubectl.OkAsync("delete", "pod", "writer", "old", "new", "--timeout=30s");
        await kubectl.OkAsync("delete", "pvc", "data", "restored", "cloned", "--timeout=30s");
        // A snapshot outlives its claim: the storage waits for it.
        Assert.Contains("data", await kubectl.OkAsync("get", "pv"), StringComparison.Ordinal);
        await kubectl.OkAsync("delete", "volumesnapshot", "before", "--timeout=30s");
        await NothingLeftAsync();
    }

    [Fact]
    public async Task A_claim_of_a_device_is_a_device_in_the_pod()
    {
        await kubectl.ApplyAsync(Class("raw", "volumeBindingMode: WaitForFirstConsumer"));
        await kubectl.ApplyAsync(Claim("disk", "raw", "16Mi", "  volumeMode: Block"));
        await RunAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: disk}
            spec:
              terminationGracePeriodSeconds: 1
              volumes: [{name: data, persistentVolumeClaim: {claimName: disk} } ]
              containers:
              - {name: main, image: "busybox:latest", imagePullPolicy: IfNotPresent, command: [sh, -c], volumeDevices: [{name: data, devicePath: /dev/xvda}],
                 args: ["test -b /dev/xvda && echo written | dd of=/dev/xvda conv=notrunc,fsync 2>/dev/null; head -c 7 /dev/xvda; {{Idle}}"]}
            """, "disk");
        Assert.Equal("written", await LogAsync("disk"));
        await kubectl.OkAsync("delete", "pod", "disk", "--timeout=30s");
        await kubectl.OkAsync("delete", "pvc", "disk", "--timeout=30s");
        await NothingLeftAsync();
    }

    [Fact]
    public async Task Each_call_brings_the_secret_that_the_class_names_for_it_of_copies_too()
    {
        string[] calls = ["provisioner", "controller-publish", "node-stage", "node-publish", "controller-expand", "node-expand"];
        foreach (var call in (string[])[.. calls, "snapshotter"]) await kubectl.OkAsync("create", "secret", "generic", $"key-{call}", $"--from-literal=key={call}");
        string named = string.Join('\n', calls.Select(static call => $"  csi.storage.k8s.io/{call}-secret-name: key-{call}\n  csi.storage.k8s.io/{call}-secret-namespace: default"));
        await kubectl.ApplyAsync(Class("keyed", $"allowVolumeExpansion: true\nparameters:\n  keys: \"yes\"\n{named}"));
        await kubectl.ApplyAsync(SnapshotClass(
            "keyed", "parameters: {csi.storage.k8s.io/snapshotter-secret-name: key-snapshotter, csi.storage.k8s.io/snapshotter-secret-namespace: \"${volumesnapshot.namespace}\"}"));
        await kubectl.ApplyAsync(Claim("data", "keyed", "16Mi"));
        await BoundAsync("data");
        await RunAsync(Pod("writer", $"echo kept > /data/file; {Idle}", "data"));
        await kubectl.OkAsync("patch", "pvc", "data", "-p", """{"spec":{"resources":{"requests":{"storage":"32Mi"}}}}""");
        await kubectl.OkAsync("wait", "pvc/data", "--for=jsonpath={.status.capacity.storage}=32Mi", "--timeout=30s");
        await kubectl.ApplyAsync(Snapshot("before", "keyed", "data"));
        await ReadySnapshotAsync("before");
        await kubectl.ApplyAsync(Claim("restored", "keyed", "32Mi", "  dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: before}"));
        await kubectl.ApplyAsync(Claim("cloned", "keyed", "32Mi", "  dataSource: {kind: PersistentVolumeClaim, name: data}"));
        await BoundAsync("restored");
        await BoundAsync("cloned");

        // The original and its secrets go; the copies have their own.
        await kubectl.OkAsync("delete", "pod", "writer", "--timeout=30s");
        await kubectl.OkAsync("delete", "volumesnapshot", "before", "--timeout=30s");
        await kubectl.OkAsync("delete", "pvc", "data", "--timeout=30s");
        await Until.TrueAsync(async () => await driver.CountAsync() == "2 0", "the original is gone");
        await RunAsync(Pod("old", $"cat /data/file; {Idle}", "restored"));
        await RunAsync(Pod("new", $"cat /data/file; {Idle}", "cloned"));
        Assert.Equal("kept kept", $"{await LogAsync("old")} {await LogAsync("new")}");
        await kubectl.OkAsync("delete", "pod", "old", "new", "--timeout=30s");
        await kubectl.OkAsync("delete", "pvc", "restored", "cloned", "--timeout=30s");
        await NothingLeftAsync();
        Assert.Empty(Directory.GetFiles(Path.Combine(engine.DataRoot, "kube", "secrets")));
    }

    [Fact]
    public async Task What_an_operator_offers_of_the_driver_is_mounted_with_its_secrets_and_stays()
    {
        await kubectl.OkAsync("create", "secret", "generic", "stage", "--from-literal=key=node-stage");
        await kubectl.OkAsync("create", "secret", "generic", "publish", "--from-literal=key=node-publish");
        await kubectl.OkAsync("create", "secret", "generic", "attach", "--from-literal=key=controller-publish");
        var handle = await MadeElsewhereAsync();
        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: offered}
            spec:
              capacity: {storage: 16Mi}
              accessModes: [ReadWriteOnce]
              storageClassName: none
              persistentVolumeReclaimPolicy: Retain
              csi:
                driver: {{FolderDriver.Name}}
                volumeHandle: {{handle}}
                controllerPublishSecretRef: {name: attach, namespace: default}
                nodeStageSecretRef: {name: stage, namespace: default}
                nodePublishSecretRef: {name: publish, namespace: default}
            """);
        await kubectl.ApplyAsync(Claim("offered", "none", "16Mi"));
        await BoundAsync("offered");
        await RunAsync(Pod("reader", $"echo kept > /data/file; cat /data/file; {Idle}", "offered"));
        Assert.Equal("kept", await LogAsync("reader"));
        await kubectl.OkAsync("delete", "pod", "reader", "--timeout=30s");
        await kubectl.OkAsync("delete", "pvc", "offered", "--timeout=30s");
        await kubectl.OkAsync("delete", "pv", "offered", "--timeout=30s");
        await Until.TrueAsync(async () => (await engine.Docker.OkAsync("volume", "ls", "-q")).Length == 0, "what was borrowed is given back");
        Assert.Equal("1 0", await driver.CountAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(engine.DataRoot, "kube", "secrets")));
    }

    [Fact]
    public async Task A_volume_within_a_pod_is_made_with_it_told_of_it_and_goes_with_it()
    {
        await kubectl.ApplyAsync(DriverObject("[Persistent, Ephemeral]"));
        await kubectl.OkAsync("create", "secret", "generic", "login", "--from-literal=password=geheim");
        await RunAsync(Inline("own", "volumeAttributes: {tier: fast}, nodePublishSecretRef: {name: login}", $"cat /data/told; {Idle}"), "own");
        var told = JsonNode.Parse(await LogAsync("own"))!;
        Assert.Equal("fast own default true geheim", string.Join(' ',
            told["context"]!["tier"], told["context"]!["csi.storage.k8s.io/pod.name"], told["context"]!["csi.storage.k8s.io/pod.namespace"],
            told["context"]!["csi.storage.k8s.io/ephemeral"], told["secrets"]!["password"]));
        Assert.Equal(await kubectl.OkAsync("get", "pod", "own", "-o", "jsonpath={.metadata.uid}"), (string?)told["context"]!["csi.storage.k8s.io/pod.uid"]);
        Assert.DoesNotContain("geheim", await File.ReadAllTextAsync(engine.LogPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await kubectl.OkAsync("exec", "own", "--", "sh", "-c", "echo more > /data/more");

        // The daemon comes and goes; what is there stays.
        await engine.KillAsync();
        await engine.LaunchAsync();
        Assert.Equal("more", (await kubectl.OkAsync("exec", "own", "--", "cat", "/data/more")).Trim());
        Assert.Equal(1, driver.CallsOf("NodePublishVolume"));
        await kubectl.OkAsync("delete", "pod", "own", "--timeout=30s");
        Assert.Equal(0, await driver.InlineAsync());
        Assert.Empty(Leftovers.MountsBelow(Path.Combine(engine.DataRoot, "kube")));
    }

    [Fact]
    public async Task A_volume_within_a_pod_that_is_read_only_cannot_be_written()
    {
        await kubectl.ApplyAsync(DriverObject("[Ephemeral]"));
        await RunAsync(Inline("readonly", "readOnly: true", $"(echo no > /data/no) 2>/dev/null || echo refused; {Idle}"), "readonly");
        Assert.Equal("refused", await LogAsync("readonly"));
        await kubectl.OkAsync("delete", "pod", "readonly", "--timeout=30s");
    }

    [Fact]
    public async Task A_driver_that_serves_no_volumes_within_pods_is_not_asked_for_one()
    {
        await kubectl.ApplyAsync(Inline("early", "readOnly: false", Idle));
        await ToldAsync("early", $"volume mode \"Ephemeral\" not supported by driver {FolderDriver.Name} (no CSIDriver object)");
        await kubectl.ApplyAsync(DriverObject("[Persistent]"));
        await ToldAsync("early", $"volume mode \"Ephemeral\" not supported by driver {FolderDriver.Name} (only supports [\"Persistent\"])");
        await kubectl.OkAsync("delete", "csidriver", FolderDriver.Name);
        await kubectl.ApplyAsync(DriverObject("[Ephemeral]"));
        await kubectl.OkAsync("wait", "pod/early", "--for=condition=Ready", "--timeout=60s");
        await kubectl.OkAsync("delete", "pod", "early", "--timeout=30s");
        Assert.Equal(0, await driver.InlineAsync());
    }

    [Theory]
    [InlineData("pod.inline.recorded")]
    [InlineData("csi.inline.published")]
    [InlineData("pod.inline.made")]
    [InlineData("csi.inline.unpublished")]
    [InlineData("pod.inline.released")]
    public async Task Whenever_the_daemon_dies_a_volume_within_a_pod_comes_and_goes_with_it(string point)
    {
        await kubectl.ApplyAsync(DriverObject("[Ephemeral]"));
        await engine.StopAsync();
        await engine.LaunchAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["STRAKE_FAULT"] = point });
        await kubectl.ApplyAsync(Inline("own", "volumeAttributes: {tier: fast}", Idle));
        if (point is "csi.inline.unpublished" or "pod.inline.released")
        {
            await kubectl.OkAsync("wait", "pod/own", "--for=condition=Ready", "--timeout=30s");
            await kubectl.RunAsync("delete", "pod", "own", "--wait=false");
            await engine.DaemonEndsAsync();
            await engine.LaunchAsync();
        }
        else
        {
            await engine.DaemonEndsAsync();
            await engine.LaunchAsync();
            await kubectl.OkAsync("wait", "pod/own", "--for=condition=Ready", "--timeout=30s");
            await kubectl.OkAsync("delete", "pod", "own", "--wait=false");
        }

        await kubectl.OkAsync("wait", "pod/own", "--for=delete", "--timeout=30s");
        Assert.Equal(0, await driver.InlineAsync());
        Assert.Empty(Leftovers.MountsBelow(Path.Combine(engine.DataRoot, "kube")));
    }

    async Task RunAsync(string yaml, string? pod = null)
    {
        await kubectl.ApplyAsync(yaml);
        await kubectl.OkAsync("wait", $"pod/{pod ?? NameIn(yaml)}", "--for=condition=Ready", "--timeout=30s");
    }

    static string NameIn(string yaml) => yaml.Split("metadata: {name: ")[1].Split('}')[0];

    async Task BoundAsync(string claim) => await kubectl.OkAsync("wait", $"pvc/{claim}", "--for=jsonpath={.status.phase}=Bound", "--timeout=30s");

    async Task ReadySnapshotAsync(string name) => await kubectl.OkAsync("wait", $"volumesnapshot/{name}", "--for=jsonpath={.status.readyToUse}=true", "--timeout=30s");

    Task ToldAsync(string pod, string message) =>
        Until.TrueAsync(async () => (await kubectl.OkAsync("describe", "pod", pod)).Contains(message, StringComparison.Ordinal), $"the pod {pod} tells: {message}");

    // What a container has said, once it has.
    async Task<string> LogAsync(string pod)
    {
        var said = "";
        await Until.TrueAsync(async () => (said = (await kubectl.RunAsync("logs", pod)).Output.Trim()).Length > 0, $"the pod {pod} says something");
        return said;
    }

    async Task<bool> GrowsAsync(string claim)
    {
        var grown = false;
        await Until.TrueAsync(
            async () => (grown = await kubectl.OkAsync("get", "pvc", claim, "-o", "jsonpath={.status.capacity.storage}") == "128Mi")
                || (await kubectl.OkAsync("describe", "pvc", claim)).Contains("Permission denied to resize filesystem", StringComparison.Ordinal),
            "the claim is larger");
        return grown;
    }

    async Task<long> KilobytesAsync(string pod) => long.Parse(
        (await kubectl.OkAsync("exec", pod, "--", "sh", "-c", "df -k /data | tail -1 | awk '{print $2}'")).Trim(), CultureInfo.InvariantCulture);

    async Task NothingLeftAsync()
    {
        await Until.TrueAsync(async () => await driver.CountAsync() == "0 0", "nothing is left at the driver");
        await Until.TrueAsync(async () => (await kubectl.OkAsync("get", "pv")).Trim().Length == 0, "the volumes go with their claims");
        Assert.Empty(await engine.Docker.OkAsync("volume", "ls", "-q"));
        Assert.Empty(Leftovers.MountsBelow(Path.Combine(engine.DataRoot, "csi")));
    }

    async Task<string> MadeElsewhereAsync()
    {
        using var channel = GrpcChannel.ToUnixSocket(driver.Socket, new GrpcChannelOptions());
        var request = new CreateVolumeRequest
        {
            Name = "theirs", Parameters = { ["keys"] = "yes" }, Secrets = { ["key"] = "provisioner" },
            VolumeCapabilities = { new VolumeCapability { Mount = new(), AccessMode = new() { Mode = VolumeCapability.Types.AccessMode.Types.Mode.SingleNodeWriter } } },
        };
        return (await channel.CallAsync(ControllerMethods.CreateVolume, request, new GrpcCallOptions { Timeout = TimeSpan.FromSeconds(10) }, TestContext.Current.CancellationToken)).Volume.VolumeId;
    }

    static string Class(string name, string more) => $$"""
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: {{name}}}
        provisioner: {{FolderDriver.Name}}
        {{more}}
        """;

    static string SnapshotClass(string name, string more = "") => $$"""
        apiVersion: snapshot.storage.k8s.io/v1
        kind: VolumeSnapshotClass
        metadata: {name: {{name}}}
        driver: {{FolderDriver.Name}}
        deletionPolicy: Delete
        {{more}}
        """;

    static string Snapshot(string name, string itsClass, string claim) => $$"""
        apiVersion: snapshot.storage.k8s.io/v1
        kind: VolumeSnapshot
        metadata: {name: {{name}}}
        spec: {volumeSnapshotClassName: {{itsClass}}, source: {persistentVolumeClaimName: {{claim}} } }
        """;

    static string Claim(string name, string itsClass, string size, string more = "") => $$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: {{name}}}
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: {{itsClass}}
          resources: {requests: {storage: {{size}} } }
        {{more}}
        """;

    static string Pod(string name, string line, string claim) => Of(name, line, $"persistentVolumeClaim: {{claimName: {claim}}}");

    static string Inline(string name, string more, string line) => Of(name, line, $"csi: {{driver: {FolderDriver.Name}, {more}}}");

    static string Of(string name, string line, string volume) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}}
        spec:
          terminationGracePeriodSeconds: 1
          volumes: [{name: data, {{volume}}}]
          containers:
          - {name: main, image: "busybox:latest", imagePullPolicy: IfNotPresent, command: [sh, -c], args: ["{{line}}"], volumeMounts: [{name: data, mountPath: /data}]}
        """;

    static string DriverObject(string modes) => $$"""
        apiVersion: storage.k8s.io/v1
        kind: CSIDriver
        metadata: {name: {{FolderDriver.Name}}}
        spec: {attachRequired: true, podInfoOnMount: true, volumeLifecycleModes: {{modes}}}
        """;
}
