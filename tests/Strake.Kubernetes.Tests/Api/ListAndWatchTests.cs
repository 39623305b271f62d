using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Api;

/// <summary>Lists in parts, and watches that continue them.</summary>
public sealed class ListAndWatchTests
{
    static readonly Selection s_all = new(ConfigMapKind.Kind, "default", LabelSelector.Everything, FieldSelector.Everything);

    [Fact]
    public async Task Parts_of_a_list_are_of_one_revision()
    {
        await using var kube = await OpenAsync();
        foreach (var name in (string[])["a", "b", "c"]) await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap(name, "{}"));
        var lister = new ObjectLister(kube.Objects, TimeProvider.System);
        var first = await lister.ListAsync(new ListRequest(s_all) { Limit = 2 }, Cancel);
        await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("bb", "{}"));
        await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("d", "{}"));
        var second = await lister.ListAsync(new ListRequest(s_all) { Limit = 2, Continue = first.Continue }, Cancel);
        Assert.Equal(["a", "b", "c"], first.Items.Concat(second.Items).Select(static item => item.Name.Name));
        Assert.Equal((1, "", first.Revision), (first.Remaining, second.Continue, second.Revision));
    }

    [Fact]
    public async Task A_part_of_a_list_that_is_forgotten_is_expired_and_can_be_had_anew()
    {
        await using var kube = await OpenAsync();
        foreach (var name in (string[])["a", "b"]) await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap(name, "{}"));
        var page = await new ObjectLister(kube.Objects, TimeProvider.System).ListAsync(new ListRequest(s_all) { Limit = 1 }, Cancel);
        var other = new ObjectLister(kube.Objects, TimeProvider.System);
        var refused = await RefusedAsync(() => other.ListAsync(new ListRequest(s_all) { Continue = page.Continue }, Cancel));
        Assert.Equal((410, "Expired"), (refused.Code, refused.Reason));
        Assert.Equal("b", Assert.Single((await other.ListAsync(new ListRequest(s_all) { Continue = refused.Continue! }, Cancel)).Items).Name.Name);
    }

    [Fact]
    public async Task An_object_that_begins_or_ceases_to_match_is_added_or_deleted()
    {
        await using var kube = await OpenAsync();
        var selection = s_all with { Labels = LabelSelector.Parse("app=db") };
        await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"));
        await using var watch = new ObjectWatcher(kube.Objects, TimeProvider.System)
            .WatchAsync(new WatchRequest(selection) { ResourceVersion = $"{kube.Objects.Revision}" }, Cancel).GetAsyncEnumerator(Cancel);
        var types = new List<string>();
        foreach (var label in (string[])["\"web\"", "\"db\"", "\"db\",\"x\":\"1\"", "null", "\"db\""])
            await kube.PatchAsync(ConfigMapKind.Kind, "a", PatchKind.Merge, $$$$"""{"metadata":{"labels":{"app":{{{{label}}}}}}}""");
        await kube.Objects.DeleteAsync(ConfigMapKind.Kind, new("default", "a"), new Deletion(), Cancel);
        while (types.Count < 5 && await watch.MoveNextAsync()) types.Add(watch.Current.Type);
        Assert.Equal(["ADDED", "MODIFIED", "DELETED", "ADDED", "DELETED"], types);
    }

    [Fact]
    public async Task What_is_there_comes_first_and_a_bookmark_ends_it()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"));
        await using var watch = new ObjectWatcher(kube.Objects, TimeProvider.System)
            .WatchAsync(new WatchRequest(s_all) { SendsInitialEvents = true, AllowsBookmarks = true }, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("ADDED", watch.Current.Type);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(("BOOKMARK", true, kube.Objects.Revision), (watch.Current.Type, watch.Current.EndsInitial, watch.Current.Revision));
    }

    [Fact]
    public async Task A_watch_from_a_forgotten_version_is_expired()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ConfigMapKind.Kind, ConfigMap("a", "{}"));
        await kube.State.CompactAsync(kube.Objects.Revision, Cancel);
        await using var watch = new ObjectWatcher(kube.Objects, TimeProvider.System).WatchAsync(new WatchRequest(s_all) { ResourceVersion = "1" }, Cancel).GetAsyncEnumerator(Cancel);
        Assert.Equal(410, (await RefusedAsync(() => watch.MoveNextAsync().AsTask())).Code);
    }
}
