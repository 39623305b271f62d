using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Kinds;

/// <summary>What volumes, claims and classes must keep to, in the words that users know.</summary>
public sealed class StorageRulesTests
{
    [Theory]
    [InlineData("""{"accessModes":["ReadWriteOncePod","ReadWriteOnce"],"hostPath":{"path":"/x"},"capacity":{"storage":"1Gi"}}""", "may not use ReadWriteOncePod with other access modes")]
    [InlineData("""{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"}}""", "spec: Required value: must specify a volume type")]
    [InlineData("""{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/x"},"nfs":{"server":"s","path":"/y"}}""", "may not specify more than 1 volume type")]
    [InlineData("""{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"local":{"path":"/x"}}""", "Local volume requires node affinity")]
    [InlineData("""{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/"},"persistentVolumeReclaimPolicy":"Recycle"}""", "may not be 'recycle' for a hostPath mount of '/'")]
    [InlineData("""{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"0"},"hostPath":{"path":"/x"}}""", "must be greater than zero")]
    [InlineData("""{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/x","type":"Dir"}}""", "Unsupported value: \"Dir\"")]
    public async Task A_volume_that_cannot_be_is_refused(string spec, string text)
    {
        await using var kube = await OpenAsync();
        Assert.Contains(text, (await RefusedAsync(() => kube.CreateAsync(PersistentVolumeKind.Kind, $$$$"""{"metadata":{"name":"v"},"spec":{{{{spec}}}}}"""))).Message);
    }

    [Fact]
    public async Task The_source_of_a_volume_cannot_change()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(PersistentVolumeKind.Kind, """{"metadata":{"name":"v"},"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/x"}}}""");
        var refused = await RefusedAsync(() => kube.PatchAsync(PersistentVolumeKind.Kind, "v", PatchKind.Merge, """{"spec":{"hostPath":{"path":"/y"}}}"""));
        Assert.Contains("spec.persistentvolumesource is immutable after creation", refused.Message);
    }

    [Fact]
    public async Task A_claim_can_be_bound_and_not_changed()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("data"));
        await kube.PatchAsync(PersistentVolumeClaimKind.Kind, "data", PatchKind.Merge, """{"spec":{"volumeName":"v"}}""");
        foreach (var change in (string[])["""{"spec":{"volumeName":"w"}}""", """{"spec":{"accessModes":["ReadWriteMany"]}}""", """{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}"""])
        {
            var refused = await RefusedAsync(() => kube.PatchAsync(PersistentVolumeClaimKind.Kind, "data", PatchKind.Merge, change));
            Assert.Contains("spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims", refused.Message);
        }
    }

    [Fact]
    public async Task A_bound_claim_can_grow_and_not_shrink()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("data"));
        await kube.PatchAsync(PersistentVolumeClaimKind.Kind, "data", PatchKind.Merge, """{"status":{"phase":"Bound","capacity":{"storage":"1Gi"}}}""", new WriteOptions { Subresource = "status" });
        await kube.PatchAsync(PersistentVolumeClaimKind.Kind, "data", PatchKind.Merge, """{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}""");
        var refused = await RefusedAsync(() => kube.PatchAsync(PersistentVolumeClaimKind.Kind, "data", PatchKind.Merge, """{"spec":{"resources":{"requests":{"storage":"512Mi"}}}}"""));
        Assert.Contains("field can not be less than status.capacity", refused.Message);
    }

    [Fact]
    public async Task A_class_cannot_change_what_it_makes()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(StorageClassKind.Kind, """{"metadata":{"name":"gold"},"provisioner":"strake.csi"}""");
        Assert.Contains("updates to parameters are forbidden.", (await RefusedAsync(() => kube.PatchAsync(StorageClassKind.Kind, "gold", PatchKind.Merge, """{"parameters":{"a":"b"}}"""))).Message);
        await kube.PatchAsync(StorageClassKind.Kind, "gold", PatchKind.Merge, """{"allowVolumeExpansion":true}""");
        Assert.Contains("Unsupported value: \"Recycle\"", (await RefusedAsync(() => kube.CreateAsync(StorageClassKind.Kind, """{"metadata":{"name":"x"},"provisioner":"p","reclaimPolicy":"Recycle"}"""))).Message);
    }

    [Theory]
    [InlineData("""{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/a"},{"name":"v","mountPath":"/a"}]}""", "must be unique")]
    [InlineData("""{"name":"c","image":"i","volumeMounts":[{"name":"w","mountPath":"/a"}]}""", "Not found: \"w\"")]
    [InlineData("""{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/a","subPath":"x","subPathExpr":"y"}]}""", "subPathExpr and subPath are mutually exclusive")]
    [InlineData("""{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/a","mountPropagation":"Bidirectional"}]}""", "Bidirectional mount propagation is available only to privileged containers")]
    public async Task A_pod_that_cannot_be_is_refused(string container, string text)
    {
        await using var kube = await OpenAsync();
        var refused = await RefusedAsync(() => kube.CreateAsync(
            PodKind.Kind, $$$$"""{"metadata":{"name":"p"},"spec":{"volumes":[{"name":"v"}],"containers":[{{{{container}}}}]}}"""));
        Assert.Contains(text, refused.Message);
    }
}
