using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Stateful sets and deployments, on pods that no node may run: the tests say themselves when one is ready.</summary>
public sealed class WorkloadTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    const string Ready = """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""";

    [Fact]
    public async Task A_stateful_set_of_three_scaled_down_and_up_finds_its_claims_again()
    {
        await Kubectl.ApplyAsync(Set("web"));
        for (var pod = 0; pod < 3; pod++) await ReadyAsync($"web-{pod}");
        Assert.Contains("partitioned roll out complete: 3 new pods have been updated...", await Kubectl.OkAsync("rollout", "status", "sts/web", "--timeout=90s"), StringComparison.Ordinal);
        Assert.Matches(@"^NAME +READY +AGE\nweb +3/3 +\d+s$", await Kubectl.OkAsync("get", "sts", "web"));
        const string Uids = "jsonpath={range .items[*]}{.metadata.name}={.metadata.uid} {end}";
        var before = await Kubectl.OkAsync("get", "pvc", "-l", "app=web", "-o", Uids);
        Assert.Matches("^data-web-0=.* data-web-1=.* data-web-2=.*$", before);
        Assert.Contains("create Claim data-web-1 Pod web-1 in StatefulSet web success", await Kubectl.OkAsync("describe", "sts", "web"), StringComparison.Ordinal);

        Assert.Equal("statefulset.apps/web scaled", await Kubectl.OkAsync("scale", "sts/web", "--replicas=1"));
        await Kubectl.OkAsync("wait", "--for=delete", "pod/web-1", "pod/web-2", "--timeout=90s");
        Assert.Equal("pod/web-0", await Kubectl.OkAsync("get", "pods", "-l", "app=web", "-o", "name"));
        await Kubectl.OkAsync("scale", "sts/web", "--replicas=3");
        for (var pod = 1; pod < 3; pod++) await ReadyAsync($"web-{pod}");
        await Kubectl.OkAsync("rollout", "status", "sts/web", "--timeout=90s");
        Assert.Equal(before, await Kubectl.OkAsync("get", "pvc", "-l", "app=web", "-o", Uids));
        await Kubectl.OkAsync("delete", "sts", "web", "--cascade=foreground");
        Assert.Equal("", await Kubectl.OkAsync("get", "pods", "-l", "app=web", "-o", "name"));
        Assert.Equal(before, await Kubectl.OkAsync("get", "pvc", "-l", "app=web", "-o", Uids));
    }

    [Fact]
    public async Task A_deployment_rolls_out_back_and_goes_with_all_that_is_its_own()
    {
        await Kubectl.ApplyAsync(Deployment("site"));
        await AllReadyAsync("site", 2);
        await Kubectl.OkAsync("rollout", "status", "deploy/site", "--timeout=90s");
        await Kubectl.OkAsync("wait", "--for=condition=Available", "deploy/site", "--timeout=90s");
        Assert.Matches(@"^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nsite +2/2 +2 +2 +\d+s$", await Kubectl.OkAsync("get", "deploy", "site"));
        Assert.Equal("deployment.apps/site image updated", await Kubectl.OkAsync("set", "image", "deploy/site", "c=two"));
        await Until.TrueAsync(
            async () =>
            {
                await AllReadyAsync("site", least: 1);
                return (await Kubectl.OkAsync("get", "deploy", "site", "-o", "jsonpath={.status.updatedReplicas} {.status.availableReplicas} {.status.replicas}")) == "2 2 2";
            },
            "the new template is rolled out");
        Assert.Contains("successfully rolled out", await Kubectl.OkAsync("rollout", "status", "deploy/site", "--timeout=90s"), StringComparison.Ordinal);
        Assert.Matches("1 +<none>\n2 +<none>", await Kubectl.OkAsync("rollout", "history", "deploy/site"));
        Assert.Equal("deployment.apps/site rolled back", await Kubectl.OkAsync("rollout", "undo", "deploy/site"));
        Assert.Equal("one", await Kubectl.OkAsync("get", "deploy", "site", "-o", "jsonpath={.spec.template.spec.containers[0].image}"));
        await Kubectl.OkAsync("scale", "deploy/site", "--replicas=0");
        await Until.TrueAsync(async () => (await Kubectl.OkAsync("get", "pods", "-l", "app=site", "-o", "name")).Length == 0, "its pods are gone");
        await Kubectl.OkAsync("delete", "deploy", "site", "--cascade=orphan");
        Assert.Equal(2, (await Kubectl.OkAsync("get", "rs", "-l", "app=site", "-o", "name")).Split('\n').Length);
    }

    [Fact]
    public async Task What_kubectl_created_goes_back_to_the_replica_set_that_it_had()
    {
        await Kubectl.OkAsync("create", "deployment", "made", "--image=one");
        const string Sets = "jsonpath={range .items[*]}{.metadata.annotations.deployment\\.kubernetes\\.io/revision}={.metadata.name} {end}";
        async Task<string[]> SetsAsync(int newest)
        {
            var found = "";
            await Until.TrueAsync(async () => (found = await Kubectl.OkAsync("get", "rs", "-l", "app=made", "-o", Sets)).Contains($"{newest}=", StringComparison.Ordinal), $"revision {newest}");
            return [.. found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
        }

        var first = Assert.Single(await SetsAsync(1));
        await Kubectl.OkAsync("set", "image", "deploy/made", "one=two");
        await SetsAsync(2);
        await Kubectl.OkAsync("rollout", "undo", "deploy/made");
        var sets = await SetsAsync(3);
        Assert.Equal(2, sets.Length);
        Assert.Equal(first.Replace("1=", "3=", StringComparison.Ordinal), sets[1]);
        await Kubectl.OkAsync("delete", "deploy", "made");
    }

    async Task ReadyAsync(string pod)
    {
        await Kubectl.OkAsync("wait", "--for=create", $"pod/{pod}", "--timeout=90s");
        await Kubectl.OkAsync("patch", "pod", pod, "--subresource=status", "--type=merge", "-p", Ready);
    }

    async Task AllReadyAsync(string app, int least)
    {
        string[] pods = [];
        await Until.TrueAsync(
            async () => (pods = (await Kubectl.OkAsync("get", "pods", "-l", $"app={app}", "-o", "name")).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Length >= least, $"{least} pods");
        foreach (var pod in pods)
        {
            // It may be on its way out by now.
            var result = await Kubectl.RunAsync("patch", pod, "--subresource=status", "--type=merge", "-p", Ready);
            Assert.True(result.Code == 0 || result.Error.Contains("NotFound", StringComparison.Ordinal), result.Error);
        }
    }

    static string Set(string name) => $$"""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: {{name}}}
        spec:
          replicas: 3
          serviceName: {{name}}
          selector: {matchLabels: {app: {{name}} } }
          template:
            metadata: {labels: {app: {{name}} } }
            spec:
              nodeSelector: {nobody: here}
              containers: [{name: c, image: one, volumeMounts: [{name: data, mountPath: /data}]}]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi} } }
        """;

    static string Deployment(string name) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{name}}, labels: {app: {{name}} } }
        spec:
          replicas: 2
          selector: {matchLabels: {app: {{name}} } }
          template:
            metadata: {labels: {app: {{name}} } }
            spec:
              nodeSelector: {nobody: here}
              containers: [{name: c, image: one}]
        """;
}
