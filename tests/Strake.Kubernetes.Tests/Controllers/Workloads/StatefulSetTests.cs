using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Controllers.Workloads;

/// <summary>Stateful sets at work.</summary>
public sealed class StatefulSetTests
{
    [Fact]
    public async Task Pods_come_one_by_one_each_with_its_claims_and_find_them_again()
    {
        await using var shop = await WorkloadWorkshop.OpenAsync();
        shop.GetsReady = static pod => new Metadata(pod).Name != "web-1";
        await shop.CreateAsync(StatefulSetKind.Kind, Set(3));
        await shop.PodsAsync("web-0", "web-1");
        await shop.ReadyAsync("web-1");
        await shop.PodsAsync("web-0", "web-1", "web-2");
        var claims = await shop.ListAsync(PersistentVolumeClaimKind.Kind);
        Assert.Equal(["data-web-0", "data-web-1", "data-web-2"], claims.Keys);
        JsonObject pod = (await shop.ListAsync(PodKind.Kind))["web-2"];
        Assert.Equal("data-web-2", pod.ItemsAt("spec", "volumes").First(static volume => volume.TextAt("name") == "data").TextAt("persistentVolumeClaim", "claimName"));
        Assert.Equal(("web-2", "web", "2"), (pod.TextAt("spec", "hostname"), pod.TextAt("spec", "subdomain"), pod.TextAt("metadata", "labels", "apps.kubernetes.io/pod-index")));
        await shop.UntilAsync(StatefulSetKind.Kind, static sets => sets["web"].NumberAt("status", "readyReplicas") == 3);

        await shop.PatchAsync(StatefulSetKind.Kind, "web", """{"spec":{"replicas":1}}""");
        await shop.PodsAsync("web-0");
        await shop.PatchAsync(StatefulSetKind.Kind, "web", """{"spec":{"replicas":2}}""");
        await shop.PodsAsync("web-0", "web-1");
        var after = await shop.ListAsync(PersistentVolumeClaimKind.Kind);
        Assert.Equal(claims.Values.Select(static claim => new Metadata(claim).Uid), after.Values.Select(static claim => new Metadata(claim).Uid));
    }

    [Fact]
    public async Task In_parallel_they_come_at_once()
    {
        await using var shop = await WorkloadWorkshop.OpenAsync();
        shop.GetsReady = static _ => false;
        await shop.CreateAsync(StatefulSetKind.Kind, Set(3, ",\"podManagementPolicy\":\"Parallel\""));
        await shop.PodsAsync("web-0", "web-1", "web-2");
    }

    [Fact]
    public async Task Claims_go_when_the_set_shrinks_and_belong_to_it_where_it_says_so()
    {
        await using var shop = await WorkloadWorkshop.OpenAsync();
        await shop.CreateAsync(StatefulSetKind.Kind, Set(2, ",\"persistentVolumeClaimRetentionPolicy\":{\"whenScaled\":\"Delete\",\"whenDeleted\":\"Delete\"}"));
        await shop.UntilAsync(PersistentVolumeClaimKind.Kind, static claims => claims.Count == 2 && claims.Values.All(static claim => claim.ItemsAt("metadata", "ownerReferences").Any()));
        await shop.PodsAsync("web-0", "web-1");
        await shop.PatchAsync(StatefulSetKind.Kind, "web", """{"spec":{"replicas":1}}""");
        await shop.UntilAsync(PersistentVolumeClaimKind.Kind, static claims => new Metadata(claims["data-web-1"]).IsDeleting);
        Assert.False(new Metadata((await shop.ListAsync(PersistentVolumeClaimKind.Kind))["data-web-0"]).IsDeleting);
    }

    [Fact]
    public async Task A_new_template_rolls_out_from_the_last_down_to_the_partition_and_back()
    {
        await using var shop = await WorkloadWorkshop.OpenAsync();
        await shop.CreateAsync(StatefulSetKind.Kind, Set(3));
        await shop.UntilAsync(StatefulSetKind.Kind, static sets => sets["web"].NumberAt("status", "readyReplicas") == 3);
        await shop.PatchAsync(StatefulSetKind.Kind, "web", """{"spec":{"updateStrategy":{"rollingUpdate":{"partition":2}},"template":{"spec":{"containers":[{"name":"c","image":"two"}]}}}}""");
        await shop.UntilAsync(StatefulSetKind.Kind, static sets => sets["web"].NumberAt("status", "updatedReplicas") == 1 && sets["web"].NumberAt("status", "readyReplicas") == 3);
        Assert.Equal(["one", "one", "two"], await ImagesAsync(shop));

        // Below the partition a pod that is made anew is what it was.
        await shop.Kube.Objects.DeleteAsync(PodKind.Kind, NameOf(PodKind.Kind, "web-0"), new Deletion(), Cancel);
        await shop.UntilAsync(PodKind.Kind, static pods => pods.Count == 3 && pods.Values.All(static pod => pod.TextAt("status", "phase") == "Running"));
        Assert.Equal(["one", "one", "two"], await ImagesAsync(shop));
        await shop.PatchAsync(StatefulSetKind.Kind, "web", """{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}""");
        await shop.UntilAsync(StatefulSetKind.Kind, static sets => sets["web"].TextAt("status", "currentRevision") == sets["web"].TextAt("status", "updateRevision") && sets["web"].NumberAt("status", "readyReplicas") == 3);
        Assert.Equal(["two", "two", "two"], await ImagesAsync(shop));
        Assert.Equal(2, (await shop.ListAsync(ControllerRevisionKind.Kind)).Count);
    }

    [Fact]
    public async Task What_a_quota_refuses_is_told_and_tried_again()
    {
        await using var shop = await WorkloadWorkshop.OpenAsync();
        await shop.CreateAsync(ResourceQuotaKind.Kind, """{"metadata":{"name":"q"},"spec":{"hard":{"persistentvolumeclaims":"1"}}}""");
        await shop.CreateAsync(StatefulSetKind.Kind, Set(2));
        await shop.UntilAsync(StatefulSetKind.Kind, sets => sets["web"].NumberAt("status", "readyReplicas") == 1 && shop.Events.Any(static one => one.Text.Reason == "FailedCreate"));
        Assert.Contains(shop.Events, static one => one.Text.Message.StartsWith(
            "create Claim data-web-1 for Pod web-1 in StatefulSet web failed error: persistentvolumeclaims \"data-web-1\" is forbidden: exceeded quota: q", StringComparison.Ordinal));
        await shop.PatchAsync(ResourceQuotaKind.Kind, "q", """{"spec":{"hard":{"persistentvolumeclaims":"2"}}}""");
        await shop.PodsAsync("web-0", "web-1");
    }

    [Fact]
    public async Task A_set_takes_the_pods_that_another_left_to_nobody()
    {
        await using var shop = await WorkloadWorkshop.OpenAsync();
        await shop.CreateAsync(PodKind.Kind, """{"metadata":{"name":"web-0","labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"one"}]}}""");
        string uid = new Metadata((await shop.ListAsync(PodKind.Kind))["web-0"]).Uid;
        await shop.CreateAsync(StatefulSetKind.Kind, Set(1, ",\"updateStrategy\":{\"type\":\"OnDelete\"}"));
        await shop.UntilAsync(PodKind.Kind, static pods => pods["web-0"].ItemsAt("metadata", "ownerReferences").Any(static owner => owner.FlagAt("controller") is true));
        Assert.Equal(uid, new Metadata((await shop.ListAsync(PodKind.Kind))["web-0"]).Uid);
    }

    static async Task<string[]> ImagesAsync(WorkloadWorkshop shop) =>
        [.. (await shop.ListAsync(PodKind.Kind)).Values.Select(static pod => pod.ItemsAt("spec", "containers").First().TextAt("image")!)];

    static string Set(int replicas, string more = "") => $$$$$"""
        {"metadata":{"name":"web"},"spec":{"replicas":{{{{{replicas}}}}},"serviceName":"web","selector":{"matchLabels":{"app":"web"}},
         "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"one","volumeMounts":[{"name":"data","mountPath":"/data"}]}]}},
         "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]{{{{{more}}}}} } }
        """;
}
