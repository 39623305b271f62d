using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>The storage behind claims: made, grown, copied and removed, as kubectl and Docker see it.</summary>
public sealed class ProvisioningTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    [Fact]
    public async Task From_a_class_to_nothing_left_on_disk()
    {
        await Kubectl.ApplyAsync(Class("life", "allowVolumeExpansion: true"));
        await Kubectl.ApplyAsync("""
            apiVersion: snapshot.storage.k8s.io/v1
            kind: VolumeSnapshotClass
            metadata: {name: life}
            driver: strake.csi
            deletionPolicy: Delete
            """);
        await Kubectl.ApplyAsync(ClaimOf("life", "life"));
        await BoundAsync("life");
        Assert.Contains("default.life", await Strake.Docker.OkAsync("volume", "ls", "-q"), StringComparison.Ordinal);

        await Kubectl.OkAsync("patch", "pvc", "life", "-p", """{"spec":{"resources":{"requests":{"storage":"96Mi"}}}}""");
        await Kubectl.OkAsync("wait", "pvc/life", "--for=jsonpath={.status.capacity.storage}=96Mi", "--timeout=90s");
        Assert.Contains(
            "field can not be less than status.capacity",
            await Kubectl.RefusedAsync("patch", "pvc", "life", "-p", """{"spec":{"resources":{"requests":{"storage":"80Mi"}}}}"""), StringComparison.Ordinal);

        await Kubectl.ApplyAsync("""
            apiVersion: snapshot.storage.k8s.io/v1
            kind: VolumeSnapshot
            metadata: {name: life}
            spec: {volumeSnapshotClassName: life, source: {persistentVolumeClaimName: life}}
            """);
        await Kubectl.OkAsync("wait", "volumesnapshot/life", "--for=jsonpath={.status.readyToUse}=true", "--timeout=90s");
        Assert.Contains("96Mi", await Kubectl.OkAsync("get", "volumesnapshot", "life"), StringComparison.Ordinal);
        await Kubectl.ApplyAsync(ClaimOf("life-restored", "life", "96Mi", "  dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: life}"));
        await Kubectl.ApplyAsync(ClaimOf("life-cloned", "life", "96Mi", "  dataSource: {kind: PersistentVolumeClaim, name: life}"));
        await BoundAsync("life-restored");
        await BoundAsync("life-cloned");

        await Kubectl.OkAsync("delete", "volumesnapshot", "life", "--timeout=90s");
        await Kubectl.OkAsync("delete", "pvc", "life", "life-restored", "life-cloned", "--timeout=90s");
        await Until.TrueAsync(async () => !(await Kubectl.OkAsync("get", "pv")).Contains("default/life", StringComparison.Ordinal), "the volumes go with their claims");
        Assert.DoesNotContain("default.life", await Strake.Docker.OkAsync("volume", "ls", "-q"), StringComparison.Ordinal);
        Assert.DoesNotContain("default.life", string.Join('\n', Directory.GetFileSystemEntries(Path.Combine(Strake.DataRoot, "volumes"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_a_claim_has_it_docker_does_not_remove_it()
    {
        await Kubectl.ApplyAsync(Class("held"));
        await Kubectl.ApplyAsync(ClaimOf("held", "held"));
        await BoundAsync("held");
        Assert.Contains("claim default/held", (await Strake.Docker.RunAsync("volume", "rm", "-f", "default.held")).Refused(), StringComparison.Ordinal);
        Assert.Contains("default.held", await Strake.Docker.OkAsync("volume", "ls", "-q"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_does_not_let_volumes_grow_refuses_a_claim_more()
    {
        await Kubectl.ApplyAsync(Class("fixed"));
        await Kubectl.ApplyAsync(ClaimOf("fixed", "fixed"));
        await BoundAsync("fixed");
        Assert.Contains(
            "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize",
            await Kubectl.RefusedAsync("patch", "pvc", "fixed", "-p", """{"spec":{"resources":{"requests":{"storage":"96Mi"}}}}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_class_asks_for_and_there_is_not_is_told_by_name()
    {
        await Kubectl.ApplyAsync(Class("odd", "parameters: {speed: high}"));
        await Kubectl.ApplyAsync(ClaimOf("odd", "odd"));
        await Until.TrueAsync(async () => (await Kubectl.OkAsync("describe", "pvc", "odd")).Contains("'speed' is none of", StringComparison.Ordinal), "the claim tells why it waits");
        await Kubectl.OkAsync("delete", "pvc", "odd", "--timeout=90s");
        Assert.DoesNotContain("default.odd", await Strake.Docker.OkAsync("volume", "ls", "-q"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_driver_that_is_not_installed_is_told_with_what_to_install()
    {
        await Kubectl.ApplyAsync("""
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: cloudy}
            provisioner: kubernetes.io/aws-ebs
            """);
        await Kubectl.ApplyAsync(ClaimOf("cloudy", "cloudy"));
        await Until.TrueAsync(async () => (await Kubectl.OkAsync("describe", "pvc", "cloudy")).Contains("ebs.csi.aws.com, which is not installed here", StringComparison.Ordinal), "the claim tells what to install");
    }

    [Fact]
    public async Task Recycled_a_directory_is_emptied_and_offered_again()
    {
        var folder = Directory.CreateDirectory(Strake.NewPath()).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "old"), "x", TestContext.Current.CancellationToken);
        await Kubectl.ApplyAsync(HostPath("again", folder, "Recycle"));
        await Kubectl.ApplyAsync(ClaimOf("again", "again"));
        await BoundAsync("again");
        await Kubectl.OkAsync("delete", "pvc", "again", "--timeout=90s");
        await Kubectl.OkAsync("wait", "pv/again", "--for=jsonpath={.status.phase}=Available", "--timeout=90s");
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task A_directory_of_the_host_is_deleted_below_tmp_alone()
    {
        var folder = $"/tmp/strake-test-{Guid.NewGuid():n}";
        Directory.CreateDirectory(folder);
        await Kubectl.ApplyAsync(HostPath("gone", folder, "Delete"));
        await Kubectl.ApplyAsync(HostPath("stays", "/var/lib/strake-test-nowhere", "Delete"));
        foreach (var name in new[] { "gone", "stays" })
        {
            await Kubectl.ApplyAsync(ClaimOf(name, name));
            await BoundAsync(name);
            await Kubectl.OkAsync("delete", "pvc", name, "--timeout=90s");
        }

        await Kubectl.OkAsync("wait", "pv/gone", "--for=delete", "--timeout=90s");
        Assert.False(Directory.Exists(folder));
        await Kubectl.OkAsync("wait", "pv/stays", "--for=jsonpath={.status.phase}=Failed", "--timeout=90s");
        Assert.Contains("host_path deleter only supports /tmp/.+ but received provided /var/lib/strake-test-nowhere", await Kubectl.OkAsync("describe", "pv", "stays"), StringComparison.Ordinal);
    }

    async Task BoundAsync(string claim) => await Kubectl.OkAsync("wait", $"pvc/{claim}", "--for=jsonpath={.status.phase}=Bound", "--timeout=90s");

    static string Class(string name, string more = "") => $$"""
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: {{name}}}
        provisioner: strake.csi
        {{more}}
        """;

    static string ClaimOf(string name, string itsClass, string size = "64Mi", string more = "") => $"""
        {Claim(name, size)}
          storageClassName: {itsClass}
        {more}
        """;

    static string HostPath(string name, string path, string policy) => $$"""
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: {{name}}}
        spec:
          storageClassName: {{name}}
          accessModes: [ReadWriteOnce]
          capacity: {storage: 64Mi}
          persistentVolumeReclaimPolicy: {{policy}}
          hostPath: {path: {{path}}}
        """;
}
