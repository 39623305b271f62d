using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Controllers.Workloads;

/// <summary>Deployments and their replica sets at work.</summary>
public sealed class DeploymentTests
{
    [Fact]
    public async Task A_deployment_has_pods_by_way_of_a_replica_set_and_tells_of_them()
    {
        await using var shop = await WorkloadWorkshop.OpenAsync();
        await shop.CreateAsync(DeploymentKind.Kind, Deployment(3));
        await shop.UntilAsync(DeploymentKind.Kind, static all => all["web"].NumberAt("status", "availableReplicas") == 3);
        JsonObject deployment = (await shop.ListAsync(DeploymentKind.Kind))["web"];
        Assert.Equal((3, 3, 1), (deployment.NumberAt("status", "updatedReplicas"), deployment.NumberAt("status", "readyReplicas"), deployment.NumberAt("status", "observedGeneration")));
        await shop.UntilAsync(DeploymentKind.Kind, static all => Condition(all["web"], "Progressing") == "True NewReplicaSetAvailable" && Condition(all["web"], "Available") == "True MinimumReplicasAvailable");
        Assert.Equal("1", (await shop.ListAsync(DeploymentKind.Kind))["web"].TextAt("metadata", "annotations", "deployment.kubernetes.io/revision"));
        (string name, JsonObject set) = Assert.Single(await shop.ListAsync(ReplicaSetKind.Kind));
        string hash = set.TextAt("metadata", "labels", "pod-template-hash")!;
        Assert.Equal($"web-{hash}", name);
        Assert.All((await shop.ListAsync(PodKind.Kind)).Values, pod => Assert.Equal((hash, name), (pod.TextAt("metadata", "labels", "pod-template-hash"), pod.ItemsAt("metadata", "ownerReferences").Single().TextAt("name"))));
        Assert.Contains(shop.Events, one => one.Text.Message == $"Scaled up replica set {name} from 0 to 3");
    }

    [Fact]
    public async Task A_new_template_replaces_the_pods_and_the_old_one_can_come_back()
    {
        await using var shop = await WorkloadWorkshop.OpenAsync();
        await shop.CreateAsync(DeploymentKind.Kind, Deployment(3));
        await shop.UntilAsync(DeploymentKind.Kind, static all => all["web"].NumberAt("status", "availableReplicas") == 3);
        await shop.PatchAsync(DeploymentKind.Kind, "web", Image("two"));
        await DoneAsync(shop, 2);
        Assert.All((await shop.ListAsync(PodKind.Kind)).Values, static pod => Assert.Equal("two", pod.ItemsAt("spec", "containers").First().TextAt("image")));
        Assert.Equal(2, (await shop.ListAsync(ReplicaSetKind.Kind)).Count);
        await shop.PatchAsync(DeploymentKind.Kind, "web", Image("one"));
        await DoneAsync(shop, 3);
        Assert.Equal(2, (await shop.ListAsync(ReplicaSetKind.Kind)).Count);
        Assert.Equal("3", (await shop.ListAsync(DeploymentKind.Kind))["web"].TextAt("metadata", "annotations", "deployment.kubernetes.io/revision"));
    }

    [Fact]
    public async Task Pods_that_never_get_ready_do_not_take_the_place_of_those_that_serve()
    {
        await using var shop = await WorkloadWorkshop.OpenAsync();
        shop.GetsReady = static pod => pod.ItemsAt("spec", "containers").First().TextAt("image") == "one";
        await shop.CreateAsync(DeploymentKind.Kind, Deployment(3));
        await shop.UntilAsync(DeploymentKind.Kind, static all => all["web"].NumberAt("status", "availableReplicas") == 3);
        await shop.PatchAsync(DeploymentKind.Kind, "web", Image("bad"));
        await shop.UntilAsync(DeploymentKind.Kind, static all => all["web"].NumberAt("status", "updatedReplicas") == 1 && all["web"].NumberAt("status", "observedGeneration") == 2);
        Assert.Equal(3, (await shop.ListAsync(PodKind.Kind)).Values.Count(static pod => pod.TextAt("status", "phase") == "Running"));
        await shop.UntilAsync(DeploymentKind.Kind, static all => Condition(all["web"], "Progressing") == "True ReplicaSetUpdated");
    }

    [Fact]
    public async Task The_number_follows_and_pods_that_go_are_replaced()
    {
        await using var shop = await WorkloadWorkshop.OpenAsync();
        await shop.CreateAsync(DeploymentKind.Kind, Deployment(2));
        await shop.UntilAsync(DeploymentKind.Kind, static all => all["web"].NumberAt("status", "availableReplicas") == 2);
        string victim = (await shop.ListAsync(PodKind.Kind)).Keys.First();
        await shop.Kube.Objects.DeleteAsync(PodKind.Kind, NameOf(PodKind.Kind, victim), new Deletion(), Cancel);
        await shop.UntilAsync(PodKind.Kind, pods => pods.Count == 2 && !pods.ContainsKey(victim));
        await shop.PatchAsync(DeploymentKind.Kind, "web", """{"spec":{"replicas":5}}""");
        await shop.UntilAsync(DeploymentKind.Kind, static all => all["web"].NumberAt("status", "availableReplicas") == 5);
        await shop.PatchAsync(DeploymentKind.Kind, "web", """{"spec":{"replicas":0}}""");
        await shop.UntilAsync(PodKind.Kind, static pods => pods.Count == 0);
        await shop.UntilAsync(DeploymentKind.Kind, static all => all["web"].At("status", "replicas") is null);
    }

    static Task DoneAsync(WorkloadWorkshop shop, int generation) => shop.UntilAsync(DeploymentKind.Kind, all => all["web"] is var web
        && web.NumberAt("status", "observedGeneration") == generation && web.NumberAt("status", "updatedReplicas") == 3 && web.NumberAt("status", "replicas") == 3
        && web.NumberAt("status", "availableReplicas") == 3);

    static string Condition(JsonObject deployment, string type) =>
        deployment.ItemsAt("status", "conditions").Where(one => one.TextAt("type") == type).Select(static one => $"{one.TextAt("status")} {one.TextAt("reason")}").FirstOrDefault("");

    static string Image(string image) => $$$$$"""{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"{{{{{image}}}}}"}]}}}}""";

    static string Deployment(int replicas) => $$$$$"""
        {"metadata":{"name":"web"},"spec":{"replicas":{{{{{replicas}}}}},"selector":{"matchLabels":{"app":"web"}},
         "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"one"}]}}}}
        """;
}
