using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Claims whose volumes begin with files of an image.</summary>
public sealed class PopulatedClaimTests(PodEngine engine) : PodTests(engine)
{
    [Fact]
    public async Task A_volume_begins_with_the_files_of_an_image_and_is_the_claims_own_from_then_on()
    {
        await Kubectl.ApplyAsync($$"""
            {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: filled}, provisioner: strake.csi}
            ---
            apiVersion: strake.dev/v1
            kind: VolumeSource
            metadata: {name: etc}
            spec: {image: {reference: "busybox:latest", path: /etc, pullPolicy: Never} }
            ---
            {{Claim("filled", "etc")}}
            ---
            {{Pod("filled", Idle, "volumeMounts: [{name: data, mountPath: /data}]", "[{name: data, persistentVolumeClaim: {claimName: filled}}]")}}
            """);
        await ReadyAsync("filled");
        Assert.Matches("^NAME +IMAGE +PATH +AGE\netc +busybox:latest +/etc +\\d+s$", await Kubectl.OkAsync("get", "volumesources"));
        Assert.Equal(await Kubectl.OkAsync("exec", "filled", "--", "cat", "/data/group"), await Strake.Docker.OkAsync("run", "--rm", "busybox", "cat", "/etc/group"));
        await Kubectl.OkAsync("exec", "filled", "--", "rm", "/data/group");
        Assert.Contains("root", await Strake.Docker.OkAsync("run", "--rm", "busybox", "cat", "/etc/group"), StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "pod", "filled");
        await Kubectl.OkAsync("delete", "pvc/filled", "volumesource/etc", "sc/filled");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Strake.ExecRoot, "build")));
    }

    [Fact]
    public async Task A_claim_whose_source_cannot_be_had_says_why_and_goes_on_when_it_can()
    {
        await Kubectl.ApplyAsync($$"""
            {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: later}, provisioner: strake.csi}
            ---
            {{Claim("later", "late")}}
            """);
        await ToldAsync("later", "ProvisioningFailed", "error getting handle for DataSource Type VolumeSource by Name late: volumesources.strake.dev \"late\" not found");
        await Kubectl.ApplyAsync("{apiVersion: strake.dev/v1, kind: VolumeSource, metadata: {name: late}, spec: {image: {reference: 'busybox:latest', path: /missing}}}");
        await ToldAsync("later", "ProvisioningFailed", "image \"busybox:latest\" has no directory /missing");
        await Kubectl.OkAsync("patch", "volumesource", "late", "--type=merge", "-p", """{"spec":{"image":{"path":"/"}}}""");
        await Kubectl.OkAsync("wait", "pvc/later", "--for=jsonpath={.status.phase}=Bound", "--timeout=50s");
        Assert.Contains("busybox", await Strake.Docker.OkAsync("run", "--rm", "-v", "default.later:/data", "busybox", "ls", "/data/bin"), StringComparison.Ordinal);
        var refused = (await Kubectl.FeedAsync("---\n{apiVersion: strake.dev/v1, kind: VolumeSource, metadata: {name: wrong}, spec: {image: {reference: i, path: ../up}}}", "apply", "-f", "-")).Refused();
        Assert.Contains("spec.image.path: Invalid value: \"../up\": must be an absolute path", refused, StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "pvc/later", "volumesource/late", "sc/later");
    }

    static string Claim(string name, string source) =>
        $"{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: {name}}}, spec: {{accessModes: [ReadWriteOnce], storageClassName: {name}, dataSourceRef: {{apiGroup: strake.dev, kind: VolumeSource, name: {source}}}, resources: {{requests: {{storage: 20Mi}}}}}}}}";
}
