using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Limits;

/// <summary>What is added to, and asked of, new claims and pods.</summary>
public sealed class AdmissionTests
{
    [Fact]
    public async Task A_claim_is_as_large_as_its_namespace_permits()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(LimitRangeKind.Kind, """{"metadata":{"name":"l"},"spec":{"limits":[{"type":"PersistentVolumeClaim","min":{"storage":"1Gi"},"max":{"storage":"10Gi"}}]}}""");
        ApiStatus refused = await RefusedAsync(() => kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("big", "11Gi")));
        Assert.Equal(
            (403, "persistentvolumeclaims \"big\" is forbidden: maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi"), (refused.Code, refused.Message));
        await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("good", "10Gi"));
    }

    [Fact]
    public async Task Containers_that_say_nothing_get_the_ranges_defaults()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(LimitRangeKind.Kind, """{"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","default":{"memory":"512Mi"},"defaultRequest":{"memory":"256Mi"},"max":{"cpu":"2"}}]}}""");
        StoredObject pod = await kube.CreateAsync(PodKind.Kind, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        Assert.Equal("""{"limits":{"cpu":"2","memory":"512Mi"},"requests":{"cpu":"2","memory":"256Mi"}}""", pod.ToDocument().ItemsAt("spec", "containers").First()!["resources"]!.ToJsonString());
        ApiStatus refused = await RefusedAsync(() => kube.CreateAsync(PodKind.Kind, """{"metadata":{"name":"q"},"spec":{"containers":[{"name":"c","image":"i","resources":{"limits":{"cpu":"3"}}}]}}"""));
        Assert.Equal(
            "pods \"q\" is forbidden: [maximum cpu usage per Container is 2, but limit is 3, maximum cpu usage per Container is 2, but request is 3]", refused.Message);
    }

    [Fact]
    public async Task A_claim_without_a_class_gets_the_default_one_and_an_empty_class_is_a_choice()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(StorageClassKind.Kind, """{"metadata":{"name":"gold","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"strake.csi"}""");
        Assert.Equal("gold", (await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("any"))).ToDocument().TextAt("spec", "storageClassName"));
        Assert.Equal("", (await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("none", more: ",\"storageClassName\":\"\""))).ToDocument().TextAt("spec", "storageClassName"));
    }

    [Fact]
    public async Task Claims_and_volumes_are_held_from_their_first_moment_on()
    {
        await using var kube = await OpenAsync();
        Assert.Equal(["kubernetes.io/pvc-protection"], new Metadata((await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("held"))).ToDocument()).Finalizers);
        StoredObject volume = await kube.CreateAsync(
            PersistentVolumeKind.Kind, """{"metadata":{"name":"v"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/srv"}}}""");
        Assert.Equal(["kubernetes.io/pv-protection"], new Metadata(volume.ToDocument()).Finalizers);
    }
}
