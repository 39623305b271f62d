using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>Claims and volumes that were made by hand find each other. Each test has a class of its own, so that no other test's volume fits.</summary>
public sealed class BindingTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    [Fact]
    public async Task A_claim_gets_a_volume_that_is_large_enough_and_a_second_one_waits_with_its_reason()
    {
        await Kubectl.ApplyAsync(Volume("pair", "pair"));
        await Kubectl.ApplyAsync(ClaimOf("pair", "pair", "500Mi"));
        await BoundAsync("pair");
        await Kubectl.ApplyAsync(ClaimOf("pair-second", "pair", "500Mi"));
        await Until.TrueAsync(async () => (await Kubectl.OkAsync("describe", "pvc", "pair-second")).Contains("storageclass.storage.k8s.io \"pair\" not found", StringComparison.Ordinal), "the second claim tells why it waits");
        Assert.Contains("pair: already bound to claim default/pair", await Kubectl.OkAsync("describe", "pvc", "pair-second"), StringComparison.Ordinal);
        Assert.Equal("Pending", await PhaseAsync("pvc", "pair-second"));

        var claim = await Kubectl.GetAsync("pvc", "pair");
        Assert.Equal("pair", claim["spec"]!["volumeName"]!.GetValue<string>());
        Assert.Equal("1Gi", claim["status"]!["capacity"]!["storage"]!.GetValue<string>());
        Assert.Equal("""["ReadWriteOnce"]""", claim["status"]!["accessModes"]!.ToJsonString());
        Assert.Equal("yes", claim["metadata"]!["annotations"]!["pv.kubernetes.io/bind-completed"]!.GetValue<string>());
        Assert.Equal("""["kubernetes.io/pvc-protection"]""", claim["metadata"]!["finalizers"]!.ToJsonString());
        var volume = await Kubectl.GetAsync("pv", "pair");
        Assert.Equal("default/pair", $"{volume["spec"]!["claimRef"]!["namespace"]}/{volume["spec"]!["claimRef"]!["name"]}");
        Assert.Equal(claim["metadata"]!["uid"]!.GetValue<string>(), volume["spec"]!["claimRef"]!["uid"]!.GetValue<string>());
        Assert.Contains("default/pair", await Kubectl.OkAsync("get", "pv", "pair"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_smallest_volume_that_is_enough_is_taken()
    {
        foreach (var (name, size) in new[] { ("fit-10", "10Gi"), ("fit-2", "2Gi"), ("fit-5", "5Gi") }) await Kubectl.ApplyAsync(Volume(name, "fit", size));
        await Kubectl.ApplyAsync(ClaimOf("fit", "fit", "3Gi"));
        Assert.Equal("fit-5", await BoundAsync("fit"));
    }

    [Fact]
    public async Task A_selector_and_a_volumes_name_choose()
    {
        await Kubectl.ApplyAsync(Volume("choice-a", "choice"));
        await Kubectl.ApplyAsync(Volume("choice-b", "choice"));
        await Kubectl.OkAsync("label", "pv", "choice-b", "tier=fast");
        await Kubectl.ApplyAsync(ClaimOf("choice-selects", "choice", "1Gi", "  selector: {matchLabels: {tier: fast}}"));
        Assert.Equal("choice-b", await BoundAsync("choice-selects"));
        await Kubectl.ApplyAsync(ClaimOf("choice-names", "choice", "1Gi", "  volumeName: choice-a"));
        Assert.Equal("choice-a", await BoundAsync("choice-names"));
    }

    [Fact]
    public async Task A_volume_that_is_reserved_goes_to_its_claim_alone()
    {
        await Kubectl.ApplyAsync(Volume("kept", "kept", more: "  claimRef: {namespace: default, name: kept-right}"));
        await Kubectl.ApplyAsync(ClaimOf("kept-wrong", "kept", "1Gi"));
        await Kubectl.ApplyAsync(ClaimOf("kept-right", "kept", "1Gi"));
        Assert.Equal("kept", await BoundAsync("kept-right"));
        Assert.Equal("Pending", await PhaseAsync("pvc", "kept-wrong"));
    }

    [Fact]
    public async Task Claims_of_one_name_in_two_namespaces_have_a_volume_each()
    {
        foreach (var space in new[] { "twin-a", "twin-b" })
        {
            await Kubectl.OkAsync("create", "namespace", space);
            await Kubectl.ApplyAsync(Volume(space, "twin"));
            await Kubectl.ApplyAsync(ClaimOf("data", "twin", "1Gi"), "-n", space);
        }

        var volumes = new[] { await BoundAsync("data", "twin-a"), await BoundAsync("data", "twin-b") };
        Assert.Equal(["twin-a", "twin-b"], volumes.Order());
    }

    [Fact]
    public async Task A_claim_without_class_gets_the_default_class_and_one_with_the_empty_class_none()
    {
        await Kubectl.ApplyAsync("""
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata:
              name: usual
              annotations: {storageclass.kubernetes.io/is-default-class: "true"}
            provisioner: kubernetes.io/no-provisioner
            volumeBindingMode: WaitForFirstConsumer
            """);
        try
        {
            await Kubectl.ApplyAsync(Claim("classless"));
            await Until.TrueAsync(async () => await Kubectl.OkAsync("get", "pvc", "classless", "-o", "jsonpath={.spec.storageClassName}") == "usual", "the claim has the default class");
            await Kubectl.ApplyAsync(ClaimOf("empty-class", "\"\"", "1Gi"));
            await Kubectl.ApplyAsync(Volume("empty-class", "\"\""));
            Assert.Equal("empty-class", await BoundAsync("empty-class"));
        }
        finally
        {
            await Kubectl.OkAsync("delete", "sc", "usual");
        }
    }

    [Fact]
    public async Task A_bound_volume_is_kept_from_being_deleted_and_a_claim_that_goes_leaves_it_released()
    {
        await Kubectl.ApplyAsync(Volume("release", "release"));
        await Kubectl.ApplyAsync(ClaimOf("release", "release", "1Gi"));
        await BoundAsync("release");
        await Kubectl.OkAsync("delete", "pv", "release", "--wait=false");
        Assert.Contains("Terminating", await Kubectl.OkAsync("get", "pv", "release"), StringComparison.Ordinal);
        await Kubectl.OkAsync("delete", "pvc", "release");
        await Kubectl.OkAsync("wait", "--for=delete", "pv/release", "--timeout=90s");

        await Kubectl.ApplyAsync(Volume("release", "release"));
        await Kubectl.ApplyAsync(ClaimOf("release", "release", "1Gi"));
        await BoundAsync("release");
        await Kubectl.OkAsync("delete", "pvc", "release");
        await Kubectl.OkAsync("wait", "--for=jsonpath={.status.phase}=Released", "pv/release", "--timeout=90s");
    }

    [Fact]
    public async Task A_claim_whose_volume_is_gone_is_lost()
    {
        await Kubectl.ApplyAsync(Volume("lost", "lost"));
        await Kubectl.ApplyAsync(ClaimOf("lost", "lost", "1Gi"));
        await BoundAsync("lost");
        await Kubectl.OkAsync("delete", "pv", "lost", "--wait=false");
        await Kubectl.OkAsync("patch", "pv", "lost", "--type", "merge", "-p", """{"metadata":{"finalizers":null}}""");
        await Kubectl.OkAsync("wait", "--for=jsonpath={.status.phase}=Lost", "pvc/lost", "--timeout=90s");
        await Until.TrueAsync(
            async () => (await Kubectl.OkAsync("events", "--for", "pvc/lost")).Contains("Bound claim has lost its PersistentVolume. Data on the volume is lost!", StringComparison.Ordinal),
            "the event tells of the loss");
    }

    [Theory]
    [InlineData("ReadWriteMany", "Filesystem", "modes")]
    [InlineData("ReadWriteOnce", "Block", "block")]
    public async Task A_volume_of_another_access_mode_or_volume_mode_does_not_fit(string access, string mode, string name)
    {
        await Kubectl.ApplyAsync(Volume($"{name}-pv", name));
        await Kubectl.ApplyAsync(ClaimOf(name, name, "1Gi", $"  volumeMode: {mode}", access));
        await Until.TrueAsync(async () => (await Kubectl.OkAsync("events", "--for", $"pvc/{name}")).Contains("ProvisioningFailed", StringComparison.Ordinal), "the claim was looked at");
        Assert.Equal("Available", await PhaseAsync("pv", $"{name}-pv"));
        Assert.Equal("Pending", await PhaseAsync("pvc", name));
    }

    [Fact]
    public async Task Bindings_outlive_a_kill_and_what_waited_is_bound_after_it()
    {
        await Kubectl.ApplyAsync(Volume("outlive-a", "outlive"));
        await Kubectl.ApplyAsync(ClaimOf("outlive-a", "outlive", "1Gi"));
        await Kubectl.ApplyAsync(ClaimOf("outlive-b", "outlive", "1Gi"));
        await BoundAsync("outlive-a");
        await Strake.KillAsync();
        await Strake.LaunchAsync();
        Assert.Equal("outlive-a", await BoundAsync("outlive-a"));
        await Kubectl.ApplyAsync(Volume("outlive-b", "outlive"));
        Assert.Equal("outlive-b", await BoundAsync("outlive-b"));
    }

    static string Volume(string name, string ofClass, string size = "1Gi", string more = "") => $$"""
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: {{name}}}
        spec:
          capacity: {storage: "{{size}}" }
          accessModes: [ReadWriteOnce]
          storageClassName: {{ofClass}}
          hostPath: {path: /tmp/strake-none/{{name}}}
        {{more}}
        """;

    static string ClaimOf(string name, string ofClass, string size, string more = "", string access = "ReadWriteOnce") => $$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: {{name}}}
        spec:
          accessModes: [{{access}}]
          storageClassName: {{ofClass}}
          resources:
            requests: {storage: "{{size}}" }
        {{more}}
        """;

    Task<string> PhaseAsync(string kind, string name) => Kubectl.OkAsync("get", kind, name, "-o", "jsonpath={.status.phase}");

    async Task<string> BoundAsync(string claim, string space = "default")
    {
        await Kubectl.OkAsync("wait", "-n", space, "--for=jsonpath={.status.phase}=Bound", $"pvc/{claim}", "--timeout=90s");
        JsonNode bound = await Kubectl.GetAsync("-n", space, "pvc", claim);
        return bound["spec"]!["volumeName"]!.GetValue<string>();
    }
}
