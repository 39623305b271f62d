using Strake.EndToEnd.Tests.Harness;
using Strake.EndToEnd.Tests.Plugins;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>A claim whose storage is a Docker volume plugin's: rclone, which is another maker's.</summary>
public sealed class PluginClaimTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-plugin-claim-").FullName;
    Rclone rclone = null!;
    Engine engine = null!;
    KubectlCli kubectl = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(KubectlCli.Exists, KubectlCli.Missing);
        rclone = await Rclone.StartAsync(folder);
        try
        {
            engine = await Engine.StartAsync(new EngineOptions
            {
                Arguments = ["--kube-listen", "127.0.0.1:0", "--plugin-sockets", rclone.Sockets, "--plugin-specs", Path.Combine(folder, "specs")],
            });
            kubectl = new KubectlCli(Path.Combine(engine.ExecRoot, "kubeconfig"), engine.Scratch);
            await engine.Docker.OkAsync("load", "-qi", TestSetting.Image("busybox.docker.tar"));
        }
        catch
        {
            // What was not initialized is not disposed: the plugin would outlive the tests.
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

        if (rclone is not null) await rclone.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_claim_is_made_mounted_and_removed()
    {
        string parameters = string.Join('\n', rclone.Options.Where(static option => option != "-o").Select(static option => option.Split('=', 2)).Select(static pair => $"  {pair[0]}: \"{pair[1]}\""));
        await kubectl.ApplyAsync($"""
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata:
              name: far
            provisioner: docker.io/volume-plugin/rclone
            parameters:
            {parameters}
            """);
        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], storageClassName: far, resources: {requests: {storage: 1Gi} } }
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: writer}
            spec:
              terminationGracePeriodSeconds: 1
              volumes: [{name: data, persistentVolumeClaim: {claimName: data} } ]
              containers:
              - {name: main, image: "busybox:latest", imagePullPolicy: IfNotPresent, command: [sh, -c], volumeMounts: [{name: data, mountPath: /data}],
                 args: ["echo kept > /data/file; trap 'exit 0' TERM; while true; do sleep 0.1; done"]}
            """);
        await kubectl.OkAsync("wait", "pod/writer", "--for=condition=Ready", "--timeout=30s");
        await Until.TrueAsync(() => File.Exists(Path.Combine(rclone.Store, "file")), "what the pod writes is stored");
        Assert.Equal("docker.io/volume-plugin/rclone", await kubectl.OkAsync("get", "pv", "-o", "jsonpath={.items[0].spec.flexVolume.driver}"));
        await kubectl.OkAsync("delete", "pod", "writer", "--timeout=30s");
        Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(rclone.Store, "file"), TestContext.Current.CancellationToken));
        await kubectl.OkAsync("delete", "pvc", "data", "--timeout=30s");
        await Until.TrueAsync(async () => (await kubectl.OkAsync("get", "pv")).Trim().Length == 0, "the volume goes with its claim");
        Assert.Empty(await engine.Docker.OkAsync("volume", "ls", "-q"));
    }
}
