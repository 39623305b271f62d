using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Api;

/// <summary>Server-side apply and the account of who wrote what.</summary>
public sealed class FieldManagerTests
{
    [Fact]
    public async Task What_is_applied_is_its_managers_and_goes_when_it_is_applied_no_more()
    {
        await using var kube = await OpenAsync();
        await kube.ApplyAsync(ConfigMapKind.Kind, "a", ConfigMap("a", """{"x":"1","y":"2"}"""), "one");
        var after = await kube.ApplyAsync(ConfigMapKind.Kind, "a", ConfigMap("a", """{"x":"1"}"""), "one");
        Assert.Equal("""{"x":"1"}""", after["data"]!.ToJsonString());
        var entry = Assert.Single(after.ItemsAt("metadata", "managedFields"));
        Assert.Equal(("one", "Apply", """{"f:data":{"f:x":{}}}"""), (entry.TextAt("manager"), entry.TextAt("operation"), entry.At("fieldsV1")!.ToJsonString()));
    }

    [Fact]
    public async Task What_others_own_stays_when_it_is_applied_no_more()
    {
        await using var kube = await OpenAsync();
        await kube.ApplyAsync(ConfigMapKind.Kind, "a", ConfigMap("a", """{"x":"1","y":"2"}"""), "one");
        await kube.ApplyAsync(ConfigMapKind.Kind, "a", ConfigMap("a", """{"y":"2"}"""), "two");
        var after = await kube.ApplyAsync(ConfigMapKind.Kind, "a", ConfigMap("a", """{"x":"1"}"""), "one");
        Assert.Equal("2", after.TextAt("data", "y"));
    }

    [Fact]
    public async Task Another_value_for_what_others_own_is_a_conflict_unless_it_is_forced()
    {
        await using var kube = await OpenAsync();
        await kube.ApplyAsync(ConfigMapKind.Kind, "a", ConfigMap("a", """{"x":"1"}"""), "one");
        var refused = await RefusedAsync(() => kube.ApplyAsync(ConfigMapKind.Kind, "a", ConfigMap("a", """{"x":"2"}"""), "two"));
        Assert.Equal((409, "Apply failed with 1 conflict: conflict with \"one\": .data.x"), (refused.Code, refused.Message));
        Assert.Equal(("FieldManagerConflict", ".data.x"), (refused.Causes[0].Reason, refused.Causes[0].Field));
        var forced = await kube.ApplyAsync(ConfigMapKind.Kind, "a", ConfigMap("a", """{"x":"2"}"""), "two", force: true);
        Assert.Equal("2", forced.TextAt("data", "x"));
        Assert.Equal("two", Assert.Single(forced.ItemsAt("metadata", "managedFields")).TextAt("manager"));
    }

    [Fact]
    public async Task Who_updates_owns_what_he_changed_and_nothing_else()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", """{"x":"1","y":"2"}"""), new WriteOptions { FieldManager = "maker" });
        var after = (await kube.PatchAsync(ConfigMapKind.Kind, "a", PatchKind.Merge, """{"data":{"x":"9"}}""", new WriteOptions { FieldManager = "editor" })).ToDocument();
        Assert.Equal(
            [("maker", """{"f:data":{"f:y":{}}}"""), ("editor", """{"f:data":{"f:x":{}}}""")],
            after.ItemsAt("metadata", "managedFields").Select(static entry => (entry.TextAt("manager")!, entry.At("fieldsV1")!.ToJsonString())));
    }

    [Fact]
    public async Task Items_of_keyed_lists_are_owned_one_by_one()
    {
        await using var kube = await OpenAsync();
        const string Maker = """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i","env":[{"name":"A","value":"1"}]}]}}""";
        await kube.ApplyAsync(PodKind.Kind, "p", Maker, "one");
        var fields = (await kube.GetAsync(PodKind.Kind, "p")).ItemsAt("metadata", "managedFields").First().At("fieldsV1", "f:spec", "f:containers");
        Assert.Equal("""{"k:{\"name\":\"c\"}":{".":{},"f:env":{"k:{\"name\":\"A\"}":{".":{},"f:name":{},"f:value":{}}},"f:image":{},"f:name":{}}}""", Plain(fields));
    }

    [Fact]
    public async Task Applying_the_same_again_writes_nothing()
    {
        await using var kube = await OpenAsync();
        var first = await kube.ApplyAsync(ConfigMapKind.Kind, "a", ConfigMap("a", """{"x":"1"}"""), "one");
        var second = await kube.ApplyAsync(ConfigMapKind.Kind, "a", ConfigMap("a", """{"x":"1"}"""), "one");
        Assert.Equal(new Metadata(first).ResourceVersion, new Metadata(second).ResourceVersion);
    }

    static string Plain(JsonNode? node) => System.Text.Encoding.UTF8.GetString(JsonBytes.Of(node!));
}
