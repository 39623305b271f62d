using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Limits;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Limits;

/// <summary>Quotas: what is charged, refused, and counted anew.</summary>
public sealed class QuotaTests
{
    const string TenGi = """{"metadata":{"name":"q"},"spec":{"hard":{"requests.storage":"10Gi","persistentvolumeclaims":"3"}}}""";

    [Fact]
    public async Task What_is_made_is_charged_in_the_same_write()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ResourceQuotaKind.Kind, TenGi);
        await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("one", "4Gi"));
        var quota = await kube.Objects.GetAsync(ResourceQuotaKind.Kind, NameOf(ResourceQuotaKind.Kind, "q"), Cancel);
        Assert.Equal((await kube.Objects.GetAsync(PersistentVolumeClaimKind.Kind, NameOf(PersistentVolumeClaimKind.Kind, "one"), Cancel)).Revision, quota.Revision);
        Assert.Equal("""{"persistentvolumeclaims":"1","requests.storage":"4Gi"}""", quota.ToDocument().At("status", "used")!.ToJsonString());
    }

    [Fact]
    public async Task Too_much_is_refused_in_Kubernetes_words()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ResourceQuotaKind.Kind, TenGi);
        await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("one", "8Gi"));
        ApiStatus refused = await RefusedAsync(() => kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("two", "3Gi")));
        Assert.Equal(
            (403, "Forbidden", "persistentvolumeclaims \"two\" is forbidden: exceeded quota: q, requested: requests.storage=3Gi, used: requests.storage=8Gi, limited: requests.storage=10Gi"),
            (refused.Code, refused.Reason, refused.Message));
        await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("two", "2Gi"));
    }

    [Fact]
    public async Task Many_at_once_cannot_have_more_than_there_is()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ResourceQuotaKind.Kind, """{"metadata":{"name":"q"},"spec":{"hard":{"count/configmaps":"10"}}}""");
        Task<StoredObject>[] all = [.. Enumerable.Range(0, 40).Select(i => Task.Run(() => kube.CreateAsync(ConfigMapKind.Kind, ConfigMap($"m{i}", "{}"))))];
        await Task.WhenAll(all).ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.Equal(10, all.Count(static one => one.IsCompletedSuccessfully));
        Assert.All(all.Where(static one => one.IsFaulted), static one => Assert.Equal(403, Assert.IsType<StatusException>(one.Exception!.InnerException).Status.Code));
        Assert.Equal("10", (await kube.GetAsync(ResourceQuotaKind.Kind, "q")).TextAt("status", "used", "count/configmaps"));
    }

    [Fact]
    public async Task What_was_given_back_can_be_had_at_once()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ResourceQuotaKind.Kind, """{"metadata":{"name":"q"},"spec":{"hard":{"count/configmaps":"1"}}}""");
        await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"));
        await kube.Objects.DeleteAsync(ConfigMapKind.Kind, NameOf(ConfigMapKind.Kind, "a"), new Deletion(), Cancel);
        await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("b", "{}"));
        Assert.Equal("1", (await kube.GetAsync(ResourceQuotaKind.Kind, "q")).TextAt("status", "used", "count/configmaps"));
    }

    [Fact]
    public async Task Growth_is_charged_and_a_dry_run_is_not()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(StorageClassKind.Kind, """{"metadata":{"name":"gold"},"provisioner":"strake.csi","allowVolumeExpansion":true}""");
        await kube.CreateAsync(ResourceQuotaKind.Kind, """{"metadata":{"name":"q"},"spec":{"hard":{"gold.storageclass.storage.k8s.io/requests.storage":"5Gi"}}}""");
        await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("free", "100Gi"));
        await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("data", "2Gi", ",\"storageClassName\":\"gold\""));
        await kube.CreateAsync(PersistentVolumeClaimKind.Kind, Claim("dry", "2Gi", ",\"storageClassName\":\"gold\""), new WriteOptions { IsDryRun = true });
        Assert.Equal("2Gi", (await kube.GetAsync(ResourceQuotaKind.Kind, "q")).TextAt("status", "used", "gold.storageclass.storage.k8s.io/requests.storage"));
        await kube.Objects.UpdateAsync(PersistentVolumeClaimKind.Kind, NameOf(PersistentVolumeClaimKind.Kind, "data"), Bind, Cancel);
        ApiStatus refused = await RefusedAsync(() => kube.PatchAsync(PersistentVolumeClaimKind.Kind, "data", PatchKind.Merge, Sized("6Gi")));
        Assert.Contains("requested: gold.storageclass.storage.k8s.io/requests.storage=4Gi, used: gold.storageclass.storage.k8s.io/requests.storage=2Gi", refused.Message, StringComparison.Ordinal);
        await kube.PatchAsync(PersistentVolumeClaimKind.Kind, "data", PatchKind.Merge, Sized("5Gi"));
        Assert.Equal("5Gi", (await kube.GetAsync(ResourceQuotaKind.Kind, "q")).TextAt("status", "used", "gold.storageclass.storage.k8s.io/requests.storage"));
    }

    [Fact]
    public async Task A_pod_says_what_a_quota_limits()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ResourceQuotaKind.Kind, """{"metadata":{"name":"q"},"spec":{"hard":{"pods":"2","requests.cpu":"1","limits.memory":"1Gi"}}}""");
        ApiStatus refused = await RefusedAsync(() => kube.CreateAsync(PodKind.Kind, Pod("p", "{}")));
        Assert.Equal("pods \"p\" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c", refused.Message);
        await kube.CreateAsync(PodKind.Kind, Pod("p", """{"requests":{"cpu":"600m"},"limits":{"memory":"512Mi"}}"""));
        refused = await RefusedAsync(() => kube.CreateAsync(PodKind.Kind, Pod("q", """{"requests":{"cpu":"600m"},"limits":{"memory":"512Mi"}}""")));
        Assert.Equal("pods \"q\" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1", refused.Message);
    }

    [Fact]
    public async Task What_nobody_charged_is_counted_at_the_next_start_and_after_deletions()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("before", "{}"));
        await kube.Objects.CreateAsync(ResourceQuotaKind.Kind, (JsonObject)JsonNode.Parse("""{"metadata":{"name":"q","namespace":"default"},"spec":{"hard":{"count/configmaps":"5"}}}""")!, isDryRun: false, Cancel);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var recounter = new QuotaRecounter(kube.Objects, static () => KindCatalog.BuiltIn, TimeProvider.System);
        long from = kube.Objects.Revision + 1;
        Task run = recounter.RunAsync(static (_, _) => { }, ending.Token);
        await UsedAsync(kube, from, "1");
        await kube.Objects.DeleteAsync(ConfigMapKind.Kind, NameOf(ConfigMapKind.Kind, "before"), new Deletion(), Cancel);
        await UsedAsync(kube, from, "0");
        await ending.CancelAsync();
        await run;
    }

    static async Task UsedAsync(KubeFixture kube, long from, string count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        await foreach (ObjectEvent change in kube.Objects.WatchAsync(ResourceQuotaKind.Kind, "default", from, patience.Token))
            if (change.Object.ToDocument().TextAt("status", "used", "count/configmaps") == count) return;
    }

    static string Sized(string size) => $$$$"""{"spec":{"resources":{"requests":{"storage":"{{{{size}}}}"}} } }""";

    static string Pod(string name, string resources) => $$$$"""{"metadata":{"name":"{{{{name}}}}"},"spec":{"containers":[{"name":"c","image":"i","resources":{{{{resources}}}} }]}}""";

    static bool Bind(JsonObject document)
    {
        document["spec"]!["volumeName"] = "v";
        document["status"] = new JsonObject { ["phase"] = "Bound", ["capacity"] = new JsonObject { ["storage"] = "2Gi" } };
        return true;
    }
}
