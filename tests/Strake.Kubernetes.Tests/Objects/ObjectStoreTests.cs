using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Objects;

/// <summary>The laws of an object's life.</summary>
public sealed class ObjectStoreTests
{
    [Fact]
    public async Task A_name_is_unique_and_every_object_new()
    {
        await using var kube = await OpenAsync();
        var first = await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"));
        var refused = await RefusedAsync(() => kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}")));
        Assert.Equal((409, "AlreadyExists", "configmaps \"a\" already exists"), (refused.Code, refused.Reason, refused.Message));
        await kube.Objects.DeleteAsync(ConfigMapKind.Kind, first.Name, new Deletion(), Cancel);
        Assert.NotEqual(first.Uid, (await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"))).Uid);
    }

    [Fact]
    public async Task A_prefix_becomes_a_name()
    {
        await using var kube = await OpenAsync();
        var made = await kube.CreateAsync(ConfigMapKind.Kind, """{"metadata":{"generateName":"job-"}}""");
        Assert.Matches("^job-[b-z2-9]{5}$", made.Name.Name);
    }

    [Fact]
    public async Task Nothing_is_made_in_a_namespace_that_is_missing_or_ending()
    {
        await using var kube = await OpenAsync();
        Assert.Equal("namespaces \"none\" not found", (await RefusedAsync(() => kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"), home: "none"))).Message);
        await kube.CreateAsync(NamespaceKind.Kind, """{"metadata":{"name":"going"}}""");
        await kube.Objects.DeleteAsync(NamespaceKind.Kind, new("", "going"), new Deletion(), Cancel);
        var refused = await RefusedAsync(() => kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"), home: "going"));
        Assert.Contains("unable to create new content in namespace going because it is being terminated", refused.Message);
    }

    [Fact]
    public async Task A_finalizer_holds_what_was_deleted_until_it_is_taken_away()
    {
        await using var kube = await OpenAsync();
        var held = await kube.CreateAsync(ConfigMapKind.Kind, """{"metadata":{"name":"a","finalizers":["example.com/hold"]}}""");
        var result = await kube.Objects.DeleteAsync(ConfigMapKind.Kind, held.Name, new Deletion(), Cancel);
        Assert.False(result.IsGone);
        Assert.True(new Metadata(await kube.GetAsync(ConfigMapKind.Kind, "a")).IsDeleting);
        await kube.Objects.UpdateAsync(ConfigMapKind.Kind, held.Name, static document => new Metadata(document).Json.Remove("finalizers"), Cancel);
        Assert.Null(await kube.Objects.FindAsync(ConfigMapKind.Kind, held.Name, Cancel));
    }

    [Fact]
    public async Task A_deletion_for_another_object_is_refused()
    {
        await using var kube = await OpenAsync();
        var one = await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"));
        var refused = await RefusedAsync(() => kube.Objects.DeleteAsync(ConfigMapKind.Kind, one.Name, new Deletion { Uid = "other" }, Cancel).AsTask());
        Assert.Equal(409, refused.Code);
    }

    [Fact]
    public async Task A_running_pod_has_time_to_end_and_another_has_none()
    {
        await using var kube = await OpenAsync();
        const string Spec = """{"containers":[{"name":"c","image":"i"}]}""";
        const string Placed = """{"nodeName":"n","containers":[{"name":"c","image":"i"}]}""";
        var waiting = await kube.CreateAsync(PodKind.Kind, $$$$"""{"metadata":{"name":"waiting"},"spec":{{{{Spec}}}}}""");
        var running = await kube.CreateAsync(PodKind.Kind, $$$$"""{"metadata":{"name":"running"},"spec":{{{{Placed}}}}}""");
        Assert.True((await kube.Objects.DeleteAsync(PodKind.Kind, waiting.Name, new Deletion(), Cancel)).IsGone);
        Assert.False((await kube.Objects.DeleteAsync(PodKind.Kind, running.Name, new Deletion(), Cancel)).IsGone);
        Assert.Equal(30, (await kube.GetAsync(PodKind.Kind, "running")).NumberAt("metadata", "deletionGracePeriodSeconds"));
        Assert.True((await kube.Objects.DeleteAsync(PodKind.Kind, running.Name, new Deletion { GracePeriodSeconds = 0 }, Cancel)).IsGone);
    }

    [Fact]
    public async Task Two_objects_are_written_together_or_not_at_all()
    {
        await using var kube = await OpenAsync();
        var left = await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("left", "{}"));
        var right = await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("right", "{}"));
        await kube.PatchAsync(ConfigMapKind.Kind, "right", Strake.Kubernetes.Api.PatchKind.Merge, """{"data":{"x":"1"}}""");
        ObjectWrite[] writes = [new(left, Labelled(left)), new(right, Labelled(right))];
        Assert.Null(await kube.Objects.TryWriteAsync(writes, Cancel));
        Assert.Null((await kube.GetAsync(ConfigMapKind.Kind, "left")).At("metadata", "labels"));
        right = await kube.Objects.GetAsync(ConfigMapKind.Kind, right.Name, Cancel);
        Assert.Equal(2, (await kube.Objects.TryWriteAsync([writes[0], new(right, Labelled(right))], Cancel))?.Count);
        Assert.Equal(
            (await kube.Objects.GetAsync(ConfigMapKind.Kind, left.Name, Cancel)).Revision, (await kube.Objects.GetAsync(ConfigMapKind.Kind, right.Name, Cancel)).Revision);
    }

    [Fact]
    public async Task A_write_that_changes_nothing_makes_no_version()
    {
        await using var kube = await OpenAsync();
        var one = await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", """{"x":"1"}"""));
        Assert.Equal(one.Revision, (await kube.PatchAsync(ConfigMapKind.Kind, "a", Strake.Kubernetes.Api.PatchKind.Merge, """{"data":{"x":"1"}}""")).Revision);
    }

    [Fact]
    public async Task A_deleted_namespace_is_emptied_and_goes()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(NamespaceKind.Kind, """{"metadata":{"name":"team"}}""");
        await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"), home: "team");
        await kube.CreateAsync(ConfigMapKind.Kind, """{"metadata":{"name":"held","finalizers":["example.com/hold"]}}""", home: "team");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var emptying = kube.Emptier.RunAsync(ending.Token);
        var deletions = kube.Objects.WatchAsync(NamespaceKind.Kind, null, kube.Objects.Revision + 1, Cancel);
        await kube.Objects.DeleteAsync(NamespaceKind.Kind, new("", "team"), new Deletion(), Cancel);
        await foreach (var change in kube.Objects.WatchAsync(ConfigMapKind.Kind, "team", 1, Cancel))
            if (change.Kind is ObjectEventKind.Deleted) break;
        Assert.NotNull(await kube.Objects.FindAsync(NamespaceKind.Kind, new("", "team"), Cancel));
        await kube.Objects.UpdateAsync(ConfigMapKind.Kind, new("team", "held"), static document => new Metadata(document).Json.Remove("finalizers"), Cancel);
        await foreach (var change in deletions)
            if (change.Kind is ObjectEventKind.Deleted) break;
        await ending.CancelAsync();
        await emptying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.Empty((await kube.Objects.ListAsync(ConfigMapKind.Kind, "team", Cancel)).Items);
    }

    static JsonObject Labelled(StoredObject item)
    {
        var document = item.ToDocument();
        document["metadata"]!["labels"] = new JsonObject { ["seen"] = "yes" };
        return document;
    }
}
