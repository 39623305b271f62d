using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Quotas and limit ranges.</summary>
public sealed class QuotaTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    [Fact]
    public async Task What_is_more_than_the_quota_is_refused_in_Kubernetes_words_and_what_is_given_back_can_be_had()
    {
        await Kubectl.OkAsync("create", "namespace", "limited");
        await Kubectl.OkAsync("create", "quota", "storage", "-n", "limited", "--hard=requests.storage=5Gi,persistentvolumeclaims=2");
        await Kubectl.ApplyAsync(Claim("one", "3Gi"), "-n", "limited");
        var refused = (await Kubectl.FeedAsync(Claim("two", "3Gi"), "apply", "-n", "limited", "-f", "-")).Refused();
        Assert.Contains(
            "persistentvolumeclaims \"two\" is forbidden: exceeded quota: storage, requested: requests.storage=3Gi, used: requests.storage=3Gi, limited: requests.storage=5Gi",
            refused, StringComparison.Ordinal);
        await Kubectl.ApplyAsync(Claim("two", "2Gi"), "-n", "limited");
        Assert.Contains("exceeded quota: storage, requested: persistentvolumeclaims=1", (await Kubectl.FeedAsync(Claim("three", "1Mi"), "apply", "-n", "limited", "-f", "-")).Refused(), StringComparison.Ordinal);
        Assert.Matches(@"persistentvolumeclaims +2 +2\nrequests.storage +5Gi +5Gi", await Kubectl.OkAsync("describe", "quota", "storage", "-n", "limited"));
        await Kubectl.OkAsync("delete", "pvc", "one", "-n", "limited");
        await Kubectl.ApplyAsync(Claim("three", "3Gi"), "-n", "limited");
    }

    [Fact]
    public async Task A_claim_is_as_large_as_the_range_of_its_namespace_permits()
    {
        await Kubectl.OkAsync("create", "namespace", "ranged");
        await Kubectl.ApplyAsync("""
            {"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"sizes","namespace":"ranged"},
             "spec":{"limits":[{"type":"PersistentVolumeClaim","min":{"storage":"1Gi"},"max":{"storage":"10Gi"}}]}}
            """);
        Assert.Contains("maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi", (await Kubectl.FeedAsync(Claim("big", "11Gi"), "apply", "-n", "ranged", "-f", "-")).Refused(), StringComparison.Ordinal);
        Assert.Contains("minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi", (await Kubectl.FeedAsync(Claim("small", "500Mi"), "apply", "-n", "ranged", "-f", "-")).Refused(), StringComparison.Ordinal);
        Assert.Equal("persistentvolumeclaim/good created", await Kubectl.ApplyAsync(Claim("good", "10Gi"), "-n", "ranged"));
    }

    [Fact]
    public async Task A_quota_with_scopes_counts_the_pods_that_are_of_them()
    {
        await Kubectl.OkAsync("create", "namespace", "scoped");
        await Kubectl.OkAsync("create", "quota", "best", "-n", "scoped", "--hard=pods=1", "--scopes=BestEffort");
        await Kubectl.OkAsync("create", "quota", "ending", "-n", "scoped", "--hard=pods=1", "--scopes=Terminating");
        string Pod(string name, string more) => $"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: scoped}}, spec: {{nodeSelector: {{none: such}}, {more}}}}}";
        const string Free = "containers: [{name: c, image: i}]", Bound = "containers: [{name: c, image: i, resources: {requests: {cpu: 1m}}}]";
        await Kubectl.ApplyAsync(Pod("one", Free));
        Assert.Contains("exceeded quota: best, requested: pods=1, used: pods=1, limited: pods=1", (await Kubectl.FeedAsync("---\n" + Pod("two", Free), "apply", "-f", "-")).Refused(), StringComparison.Ordinal);
        await Kubectl.ApplyAsync(Pod("two", Bound));
        Assert.Equal("Burstable", await Kubectl.OkAsync("get", "pod", "two", "-n", "scoped", "-o", "jsonpath={.status.qosClass}"));
        await Kubectl.ApplyAsync(Pod("three", $"activeDeadlineSeconds: 60, {Bound}"));
        Assert.Contains("exceeded quota: ending", (await Kubectl.FeedAsync("---\n" + Pod("four", $"activeDeadlineSeconds: 60, {Bound}"), "apply", "-f", "-")).Refused(), StringComparison.Ordinal);
        Assert.Contains("conflicting scopes", await Kubectl.RefusedAsync("create", "quota", "odd", "-n", "scoped", "--hard=pods=1", "--scopes=BestEffort,NotBestEffort"), StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "namespace", "scoped");
    }

    [Fact]
    public async Task Two_namespaces_have_claims_of_one_name()
    {
        foreach (var home in new[] { "left", "right" })
        {
            await Kubectl.OkAsync("create", "namespace", home);
            await Kubectl.ApplyAsync(Claim("same"), "-n", home);
        }

        await Kubectl.OkAsync("delete", "pvc", "same", "-n", "left");
        Assert.Equal("persistentvolumeclaim/same", await Kubectl.OkAsync("get", "pvc", "-n", "right", "-o", "name"));
        await Kubectl.OkAsync("delete", "namespace", "left");
        Assert.Equal("persistentvolumeclaim/same", await Kubectl.OkAsync("get", "pvc", "-n", "right", "-o", "name"));
    }

    [Fact]
    public async Task What_is_used_is_right_after_a_kill()
    {
        await using var own = await Engine.StartAsync(new EngineOptions { Arguments = ["--kube-listen", "127.0.0.1:0"] });
        var kubectl = new KubectlCli(Path.Combine(own.ExecRoot, "kubeconfig"), own.Scratch);
        await kubectl.OkAsync("create", "quota", "maps", "--hard=count/configmaps=3");
        await kubectl.OkAsync("create", "configmap", "one");
        await kubectl.OkAsync("create", "configmap", "two");
        await kubectl.OkAsync("delete", "configmap", "one");
        await own.KillAsync();
        await own.LaunchAsync();
        var count = int.Parse(await kubectl.OkAsync("get", "cm", "-o", "go-template={{len .items}}"), System.Globalization.CultureInfo.InvariantCulture);
        await Until.TrueAsync(async () => await kubectl.OkAsync("get", "quota", "maps", "-o", "jsonpath={.status.used.count/configmaps}") == $"{count}", "the quota tells what is used");
    }
}
