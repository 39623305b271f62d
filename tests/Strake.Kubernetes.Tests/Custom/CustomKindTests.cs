using System.Text.Json;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Custom;

/// <summary>Kinds that definitions define.</summary>
public sealed class CustomKindTests
{
    const string Definition = """
        {"metadata":{"name":"crontabs.example.com"},"spec":{"group":"example.com","scope":"Namespaced",
         "names":{"plural":"crontabs","kind":"CronTab","shortNames":["ct"]},
         "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},
          "additionalPrinterColumns":[{"name":"Spec","type":"string","jsonPath":".spec.cronSpec"},{"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type==\"Ready\")].status"},
           {"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}],
          "schema":{"openAPIV3Schema":{"type":"object","required":["spec"],"properties":{
           "spec":{"type":"object","required":["cronSpec"],"properties":{"cronSpec":{"type":"string","pattern":"^[*0-9 ]+$"},"replicas":{"type":"integer","minimum":1,"maximum":10,"default":2},
            "mode":{"type":"string","enum":["a","b"]},"list":{"type":"array","items":{"type":"string"}},"free":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}},
           "status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}},
          {"name":"v1beta1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}
        """;

    [Fact]
    public async Task A_definition_is_served_at_once_in_all_its_versions()
    {
        await using var kube = await OpenAsync();
        var custom = new CustomKinds(kube.Objects);
        Assert.Null((await custom.LookAsync(Cancel)).Catalog.Find("example.com", "v1", "crontabs"));
        StoredObject definition = await kube.CreateAsync(CustomResourceDefinitionKind.Kind, Definition);
        KindCatalog kinds = (await custom.LookAsync(Cancel)).Catalog;
        ResourceKind kind = kinds.Find("example.com", "v1", "crontabs")!, beta = kinds.Find("example.com", "v1beta1", "crontabs")!;
        Assert.Equal(("crontab", "ct", true, true, kind), (kind.Singular, Assert.Single(kind.ShortNames), kind.HasStatus, kind.IsNamespaced, beta.Storage));
        Assert.Equal(("True", "CronTabList"), (definition.ToDocument().ItemsAt("status", "conditions").First(static one => one.TextAt("type") == "Established").TextAt("status"), definition.ToDocument().TextAt("status", "acceptedNames", "listKind")));
        Assert.Same(custom.Served, await custom.LookAsync(Cancel));
    }

    [Fact]
    public async Task Objects_get_defaults_lose_what_nobody_knows_and_are_checked()
    {
        await using var kube = await OpenAsync();
        ResourceKind kind = await DefineAsync(kube);
        StoredObject made = await kube.CreateAsync(kind, """{"metadata":{"name":"a"},"spec":{"cronSpec":"* *","odd":1,"list":[],"free":{"x":{"y":1}}}}""");
        Assert.Equal("""{"cronSpec":"* *","list":[],"free":{"x":{"y":1}},"replicas":2}""", made.ToDocument()["spec"]!.ToJsonString());
        Assert.Equal(["unknown field \"spec.odd\""], kube.Warnings);
        ApiStatus refused = await RefusedAsync(() => kube.CreateAsync(kind, """{"metadata":{"name":"b"},"spec":{"cronSpec":"daily","replicas":11,"mode":"c"}}"""));
        Assert.Equal(422, refused.Code);
        Assert.Contains("spec.cronSpec: Invalid value: \"daily\": spec.cronSpec in body should match '^[*0-9 ]+$'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("spec.replicas in body should be less than or equal to 10", refused.Message, StringComparison.Ordinal);
        Assert.Contains("spec.mode: Unsupported value: \"c\": supported values: \"a\", \"b\"", refused.Message, StringComparison.Ordinal);
        Assert.Contains("spec.cronSpec: Required value", (await RefusedAsync(() => kube.CreateAsync(kind, """{"metadata":{"name":"b"},"spec":{}}"""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_are_as_the_definition_says()
    {
        await using var kube = await OpenAsync();
        ResourceKind kind = await DefineAsync(kube);
        using var item = JsonDocument.Parse("""{"metadata":{"name":"a"},"spec":{"cronSpec":"* *"},"status":{"conditions":[{"type":"Other","status":"False"},{"type":"Ready","status":"True"}]}}""");
        Assert.Equal(["a", "* *", "True", "<unknown>"], kind.Columns.Select(column => column.Value(item.RootElement, Given.Noon).ToString()));
    }

    [Fact]
    public async Task A_definition_that_cannot_be_is_refused()
    {
        await using var kube = await OpenAsync();
        ApiStatus refused = await RefusedAsync(() => kube.CreateAsync(CustomResourceDefinitionKind.Kind, Definition.Replace("crontabs.example.com", "tabs.example.com", StringComparison.Ordinal).Replace("\"storage\":true", "\"storage\":false", StringComparison.Ordinal)));
        Assert.Contains("metadata.name: Invalid value: \"tabs.example.com\": must be spec.names.plural+\".\"+spec.group", refused.Message, StringComparison.Ordinal);
        Assert.Contains("must have exactly one version marked as storage version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_definition_deletes_its_objects_first()
    {
        await using var kube = await OpenAsync();
        ResourceKind kind = await DefineAsync(kube);
        await kube.CreateAsync(kind, """{"metadata":{"name":"a","finalizers":["test/hold"]},"spec":{"cronSpec":"*"}}""");
        var custom = new CustomKinds(kube.Objects);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        ending.CancelAfter(TimeSpan.FromSeconds(30));
        long from = kube.Objects.Revision + 1;
        Task run = custom.RunAsync(ending.Token);
        await kube.Objects.DeleteAsync(CustomResourceDefinitionKind.Kind, new("", "crontabs.example.com"), new Deletion(), Cancel);
        await foreach (ObjectEvent change in kube.Objects.WatchAsync(kind, null, from, ending.Token))
            if (new Metadata(change.Object.ToDocument()).IsDeleting) break;
        Assert.NotNull(await kube.Objects.FindAsync(CustomResourceDefinitionKind.Kind, new("", "crontabs.example.com"), Cancel));
        await kube.Objects.UpdateAsync(kind, new("default", "a"), static item => ((System.Text.Json.Nodes.JsonObject)item["metadata"]!).Remove("finalizers"), Cancel);
        await foreach (ObjectEvent change in kube.Objects.WatchAsync(CustomResourceDefinitionKind.Kind, null, from, ending.Token))
            if (change.Kind is ObjectEventKind.Deleted) break;
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Null((await custom.LookAsync(Cancel)).Catalog.Find("example.com", "v1", "crontabs"));
    }

    static async Task<ResourceKind> DefineAsync(KubeFixture kube)
    {
        await kube.CreateAsync(CustomResourceDefinitionKind.Kind, Definition);
        return (await new CustomKinds(kube.Objects).LookAsync(Cancel)).Catalog.Find("example.com", "v1", "crontabs")!;
    }
}
