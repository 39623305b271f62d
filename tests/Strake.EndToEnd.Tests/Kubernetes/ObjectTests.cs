using System.Globalization;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>`kubectl get`, `apply`, `patch`, `delete` and their kin.</summary>
public sealed class ObjectTests(KubernetesEngine engine) : KubernetesTests(engine)
{
    [Fact]
    public async Task A_claim_is_applied_shown_and_deleted()
    {
        Assert.Equal("persistentvolumeclaim/shown created", await Kubectl.ApplyAsync(Claim("shown")));
        Assert.Equal("persistentvolumeclaim/shown unchanged", await Kubectl.ApplyAsync(Claim("shown")));
        Assert.Matches(@"^NAME +STATUS +VOLUME +CAPACITY +ACCESS MODES +STORAGECLASS +VOLUMEATTRIBUTESCLASS +AGE\nshown +Pending +<unset> +\d+s$", await Kubectl.OkAsync("get", "pvc", "shown"));
        Assert.EndsWith("VOLUMEMODE   LABELS", (await Kubectl.OkAsync("get", "pvc", "-o", "wide", "--show-labels")).Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("Status:        Pending", await Kubectl.OkAsync("describe", "pvc", "shown"), StringComparison.Ordinal);
        Assert.Equal("Filesystem", await Kubectl.OkAsync("get", "pvc", "shown", "-o", "jsonpath={.spec.volumeMode}"));
        Assert.Equal("persistentvolumeclaim \"shown\" deleted", (await Kubectl.OkAsync("delete", "pvc", "shown")).Replace(" from default namespace", "", StringComparison.Ordinal));
        Assert.Equal("Error from server (NotFound): persistentvolumeclaims \"shown\" not found", await Kubectl.RefusedAsync("get", "pvc", "shown"));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_in_Kubernetes_words()
    {
        Assert.Contains("strict decoding error: unknown field \"spec.color\"", (await Kubectl.FeedAsync(Claim("odd") + "\n  color: red\n", "apply", "-f", "-")).Refused(), StringComparison.Ordinal);
        var refused = (await Kubectl.FeedAsync("""{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"bad"},"spec":{"capacity":{"storage":"1Gi"}}}""", "create", "-f", "-")).Refused();
        Assert.Contains("at least 1 access mode is required", refused, StringComparison.Ordinal);
        Assert.Contains("must specify a volume type", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_annotations_and_patches_change_an_object()
    {
        await Kubectl.ApplyAsync(Claim("changed"));
        await Kubectl.OkAsync("label", "pvc", "changed", "tier=gold");
        await Kubectl.OkAsync("annotate", "pvc", "changed", "note=hello");
        await Kubectl.OkAsync("patch", "pvc", "changed", "--type", "json", "-p", """[{"op":"add","path":"/metadata/labels/by","value":"json"}]""");
        await Kubectl.OkAsync("patch", "pvc", "changed", "-p", """{"metadata":{"labels":{"app":null}}}""");
        var claim = await Kubectl.GetAsync("pvc", "changed");
        Assert.Equal(["by=json", "tier=gold"], claim["metadata"]!["labels"]!.AsObject().Select(static label => $"{label.Key}={label.Value}").Order());
        Assert.Equal("hello", claim["metadata"]!["annotations"]!["note"]!.GetValue<string>());
        Assert.Equal("persistentvolumeclaim/changed", await Kubectl.OkAsync("get", "pvc", "-l", "tier in (gold),by!=hand", "-o", "name"));
    }

    [Fact]
    public async Task An_edit_is_applied_and_diff_tells_of_it_before()
    {
        await Kubectl.ApplyAsync("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"edited"},"data":{"a":"1"}}""");
        const string Changed = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"edited"},"data":{"b":"2"}}""";
        var diff = await Kubectl.FeedAsync(Changed, "diff", "-f", "-");
        Assert.Equal(1, diff.Code);
        Assert.Contains("+  b: \"2\"", diff.Output, StringComparison.Ordinal);
        Assert.Equal("configmap/edited configured", await Kubectl.ApplyAsync(Changed));
        Assert.Equal("""{"b":"2"}""", (await Kubectl.GetAsync("cm", "edited"))["data"]!.ToJsonString());
        var editor = new Dictionary<string, string>(Kubectl.Variables, StringComparer.Ordinal) { ["KUBE_EDITOR"] = "sed -i s/\\\"2\\\"/\\\"3\\\"/" };
        Assert.Equal("configmap/edited edited", (await Command.RunAsync("kubectl", ["edit", "cm", "edited"], editor)).Ok());
        Assert.Equal("3", await Kubectl.OkAsync("get", "cm", "edited", "-o", "jsonpath={.data.b}"));
    }

    [Fact]
    public async Task Two_managers_who_apply_one_field_are_in_conflict()
    {
        static string Map(string value) => $$$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"shared"},"data":{"a":"{{{{value}}}}"}}""";
        Assert.Equal("configmap/shared serverside-applied", await Kubectl.ApplyAsync(Map("1"), "--server-side", "--field-manager", "one"));
        var refused = (await Kubectl.FeedAsync(Map("2"), "apply", "--server-side", "--field-manager", "two", "-f", "-")).Refused();
        Assert.Contains("Apply failed with 1 conflict: conflict with \"one\": .data.a", refused, StringComparison.Ordinal);
        await Kubectl.ApplyAsync(Map("2"), "--server-side", "--field-manager", "two", "--force-conflicts");
        Assert.Equal("2", await Kubectl.OkAsync("get", "cm", "shared", "-o", "jsonpath={.data.a}"));
    }

    [Fact]
    public async Task A_watch_tells_of_changes_as_rows()
    {
        await Kubectl.OkAsync("create", "namespace", "watched");
        using var watch = Command.Start("kubectl", ["get", "cm", "-n", "watched", "-w", "--field-selector=metadata.name=first"], Kubectl.Variables);
        await Kubectl.OkAsync("create", "configmap", "first", "-n", "watched", "--from-literal=a=1");
        Assert.Matches("^NAME +DATA +AGE$", await LineAsync(watch));
        Assert.Matches("^first +1 +", await LineAsync(watch));
        await Kubectl.OkAsync("patch", "cm", "first", "-n", "watched", "-p", """{"data":{"b":"2"}}""");
        Assert.Matches("^first +2 +", await LineAsync(watch));
        watch.Kill();
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_so()
    {
        await Kubectl.ApplyAsync(Claim("awaited"));
        using var wait = Command.Start("kubectl", ["wait", "pvc/awaited", "--for=jsonpath={.metadata.labels.ready}=yes", "--timeout=60s"], Kubectl.Variables);
        await Kubectl.OkAsync("label", "pvc", "awaited", "ready=yes");
        Assert.Equal("persistentvolumeclaim/awaited condition met", await LineAsync(wait));
        using var gone = Command.Start("kubectl", ["wait", "pvc/awaited", "--for=delete", "--timeout=60s"], Kubectl.Variables);
        await Kubectl.OkAsync("delete", "pvc", "awaited");
        await gone.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, gone.ExitCode);
    }

    [Fact]
    public async Task Many_objects_come_in_parts_and_in_order()
    {
        await Kubectl.OkAsync("create", "namespace", "many");
        var all = string.Join("\n---\n", Enumerable.Range(0, 25).Select(static number => Claim(string.Create(CultureInfo.InvariantCulture, $"c{number:00}"))));
        await Kubectl.ApplyAsync(all, "-n", "many");
        var names = await Kubectl.OkAsync("get", "pvc", "-n", "many", "--chunk-size=7", "-o", "name");
        Assert.Equal(Enumerable.Range(0, 25).Select(static number => string.Create(CultureInfo.InvariantCulture, $"persistentvolumeclaim/c{number:00}")), names.Split('\n'));
        await Kubectl.OkAsync("delete", "namespace", "many");
        Assert.Contains("NotFound", await Kubectl.RefusedAsync("get", "ns", "many"), StringComparison.Ordinal);
        Assert.Equal("", await Kubectl.OkAsync("get", "pvc", "-n", "many", "-o", "name"));
    }

    [Fact]
    public async Task What_kubectl_sends_as_protobuf_is_understood()
    {
        await Kubectl.OkAsync("create", "namespace", "proto");
        await Kubectl.OkAsync("create", "secret", "generic", "s", "-n", "proto", "--from-literal=password=hunter2");
        await Kubectl.OkAsync("create", "configmap", "c", "-n", "proto", "--from-literal=a=1");
        await Kubectl.OkAsync("create", "quota", "q", "-n", "proto", "--hard=requests.storage=10Gi,persistentvolumeclaims=5");
        await Kubectl.OkAsync("create", "serviceaccount", "a", "-n", "proto");
        Assert.Equal("aHVudGVyMg==", await Kubectl.OkAsync("get", "secret", "s", "-n", "proto", "-o", "jsonpath={.data.password}"));
        Assert.Equal("10Gi", await Kubectl.OkAsync("get", "quota", "q", "-n", "proto", "-o", "jsonpath={.spec.hard.requests\\.storage}"));
        Assert.Equal("yes", await Kubectl.OkAsync("auth", "can-i", "create", "pvc"));
        Assert.Contains("kubernetes-admin", await Kubectl.OkAsync("auth", "whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dry_runs_do_nothing()
    {
        Assert.Equal("persistentvolumeclaim/dry created (server dry run)", await Kubectl.ApplyAsync(Claim("dry"), "--dry-run=server"));
        Assert.Equal("", await Kubectl.OkAsync("get", "pvc", "dry", "--ignore-not-found"));
    }

    static async Task<string?> LineAsync(System.Diagnostics.Process process) =>
        (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1) * TestSetting.Patience, TimeProvider.System, TestContext.Current.CancellationToken))?.TrimEnd();
}
