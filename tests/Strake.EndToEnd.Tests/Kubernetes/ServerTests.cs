using System.Net;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>The API server itself: who may ask, what it tells of itself, what a restart leaves.</summary>
public sealed class ServerTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    [Fact]
    public async Task It_tells_what_there_is()
    {
        var resources = await Kubectl.OkAsync("api-resources", "--no-headers");
        foreach (var line in (string[])[@"persistentvolumeclaims +pvc +v1 +true +PersistentVolumeClaim", @"storageclasses +sc +storage.k8s.io/v1 +false +StorageClass", @"volumesnapshots +vs +snapshot.storage.k8s.io/v1 +true +VolumeSnapshot"])
            Assert.Matches(line, resources);
        Assert.Contains("storage.k8s.io/v1", await Kubectl.OkAsync("api-versions"), StringComparison.Ordinal);
        Assert.Equal("ok", await Kubectl.OkAsync("get", "--raw", "/readyz"));
        Assert.Matches("Server Version: v1\\.35", await Kubectl.OkAsync("version"));
    }

    [Fact]
    public async Task It_explains_kinds()
    {
        var explained = await Kubectl.OkAsync("explain", "pvc.spec.accessModes");
        Assert.Contains("FIELD: accessModes <[]string>", explained, StringComparison.Ordinal);
        Assert.Contains("ReadWriteOncePod", explained, StringComparison.Ordinal);
        Assert.Contains("mountPath\t<string> -required-", await Kubectl.OkAsync("explain", "pod.spec.containers.volumeMounts"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_kubeconfig_is_its_owner_s_alone() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Strake.ExecRoot, "kubeconfig")));

    [Fact]
    public async Task A_stranger_is_told_the_version_and_no_more()
    {
        using var stranger = ApiClient.Unknown(Strake);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/version", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync("/api/v1/secrets", TestContext.Current.CancellationToken)).StatusCode);
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/v1/secrets", TestContext.Current.CancellationToken)).StatusCode);
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(Path.Combine(Strake.DataRoot, "kube", "token"), TestContext.Current.CancellationToken)).Trim());
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/api/v1/secrets", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Objects_outlive_the_daemon()
    {
        await using var own = await Engine.StartAsync(new EngineOptions { Arguments = ["--kube-listen", "127.0.0.1:0"] });
        var kubectl = new KubectlCli(Path.Combine(own.ExecRoot, "kubeconfig"), own.Scratch);
        await kubectl.OkAsync("create", "configmap", "lasting", "--from-literal=a=1");
        var before = await kubectl.OkAsync("get", "cm", "lasting", "-o", "jsonpath={.metadata.uid} {.metadata.resourceVersion}");
        await own.KillAsync();
        await own.LaunchAsync();
        Assert.Equal(before, await kubectl.OkAsync("get", "cm", "lasting", "-o", "jsonpath={.metadata.uid} {.metadata.resourceVersion}"));
    }
}
