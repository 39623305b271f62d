using System.Text.Json.Nodes;
using Strake.Kubernetes.Garbage;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using static Strake.Kubernetes.Tests.KubeFixture;

namespace Strake.Kubernetes.Tests.Garbage;

/// <summary>What becomes of what belongs to what is deleted.</summary>
public sealed class GarbageCollectorTests
{
    [Fact]
    public async Task What_belongs_to_a_deleted_object_goes_after_it_and_takes_its_own_along()
    {
        await using var garbage = await Workshop.OpenAsync();
        string owner = await garbage.CreateAsync("owner");
        string child = await garbage.CreateAsync("child", Owner("owner", owner));
        await garbage.CreateAsync("grandchild", Owner("child", child));
        await garbage.CreateAsync("other");
        await garbage.DeleteAsync("owner", Propagation.Background);
        await garbage.GoneAsync("owner", "child", "grandchild");
        Assert.NotNull(await garbage.FindAsync("other"));
    }

    [Fact]
    public async Task In_the_foreground_the_owner_goes_last()
    {
        await using var garbage = await Workshop.OpenAsync();
        string owner = await garbage.CreateAsync("owner");
        await garbage.CreateAsync("child", Owner("owner", owner, blocks: true), finalizers: "[\"test/hold\"]");
        await garbage.DeleteAsync("owner", Propagation.Foreground);
        await garbage.UntilAsync(static items => items.ContainsKey("child") && new Metadata(items["child"]).IsDeleting);
        Assert.Equal(["foregroundDeletion"], new Metadata((await garbage.FindAsync("owner"))!.ToDocument()).Finalizers);
        await garbage.ChangeAsync("child", static metadata => metadata.Remove("finalizers"));
        await garbage.GoneAsync("child", "owner");
    }

    [Fact]
    public async Task What_does_not_block_does_not_hold_the_owner()
    {
        await using var garbage = await Workshop.OpenAsync();
        string owner = await garbage.CreateAsync("owner");
        await garbage.CreateAsync("child", Owner("owner", owner), finalizers: "[\"test/hold\"]");
        await garbage.DeleteAsync("owner", Propagation.Foreground);
        await garbage.GoneAsync("owner");
        await garbage.UntilAsync(static items => new Metadata(items["child"]).IsDeleting);
    }

    [Fact]
    public async Task Orphans_stay_and_belong_to_nobody()
    {
        await using var garbage = await Workshop.OpenAsync();
        string owner = await garbage.CreateAsync("owner");
        await garbage.CreateAsync("child", Owner("owner", owner));
        await garbage.DeleteAsync("owner", Propagation.Orphan);
        await garbage.GoneAsync("owner");
        Assert.Null((await garbage.FindAsync("child"))!.ToDocument().At("metadata", "ownerReferences"));
    }

    [Fact]
    public async Task Who_has_another_owner_stays_and_forgets_the_one_that_went()
    {
        await using var garbage = await Workshop.OpenAsync();
        string one = await garbage.CreateAsync("one"), two = await garbage.CreateAsync("two");
        await garbage.CreateAsync("child", Owner("one", one) + "," + Owner("two", two));
        await garbage.DeleteAsync("one", Propagation.Background);
        await garbage.UntilAsync(items => items["child"].ItemsAt("metadata", "ownerReferences").Select(static owner => owner.TextAt("name")).SequenceEqual(["two"]));
    }

    [Fact]
    public async Task An_owner_of_another_id_or_an_unknown_kind()
    {
        await using var garbage = await Workshop.OpenAsync();
        await garbage.CreateAsync("owner");
        await garbage.CreateAsync("strange", """{"apiVersion":"example.com/v1","kind":"Thing","name":"t","uid":"x"}""");
        await garbage.CreateAsync("child", Owner("owner", "another-id"));
        await garbage.GoneAsync("child");
        Assert.NotNull(await garbage.FindAsync("strange"));
    }

    [Fact]
    public async Task What_a_crash_left_is_found_at_the_next_start()
    {
        await using var kube = await OpenAsync();
        await kube.CreateAsync(ConfigMapKind.Kind, Workshop.Document("child", Owner("gone", "gone"), "[]"));
        await using var garbage = Workshop.Over(kube);
        await garbage.GoneAsync("child");
    }

    static string Owner(string name, string uid, bool blocks = false) =>
        $$"""{"apiVersion":"v1","kind":"ConfigMap","name":"{{name}}","uid":"{{uid}}"{{(blocks ? ",\"blockOwnerDeletion\":true" : "")}}}""";

    /// <summary>Objects, and a collector at work on them.</summary>
    sealed class Workshop : IAsyncDisposable
    {
        static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

        readonly KubeFixture kube;
        readonly CancellationTokenSource ending = new();
        readonly GarbageCollector collector;
        readonly Task run;

        Workshop(KubeFixture kube)
        {
            this.kube = kube;
            collector = new GarbageCollector(kube.Objects, static () => KindCatalog.BuiltIn, TimeProvider.System);
            run = collector.RunAsync(static (_, _) => { }, ending.Token);
        }

        public static async Task<Workshop> OpenAsync() => new(await KubeFixture.OpenAsync());

        public static Workshop Over(KubeFixture kube) => new(kube);

        public static string Document(string name, string owners, string finalizers) =>
            $$"""{"metadata":{"name":"{{name}}","ownerReferences":[{{owners}}],"finalizers":{{finalizers}} } }""";

        public async Task<string> CreateAsync(string name, string owners = "", string finalizers = "[]") =>
            (await kube.CreateAsync(ConfigMapKind.Kind, Document(name, owners, finalizers))).Uid;

        public ValueTask<StoredObject?> FindAsync(string name) => kube.Objects.FindAsync(ConfigMapKind.Kind, NameOf(ConfigMapKind.Kind, name), Cancel);

        public async Task DeleteAsync(string name, Propagation propagation) =>
            await kube.Objects.DeleteAsync(ConfigMapKind.Kind, NameOf(ConfigMapKind.Kind, name), new Deletion { Propagation = propagation }, Cancel);

        public async Task ChangeAsync(string name, Func<JsonObject, bool> change) =>
            await kube.Objects.UpdateAsync(ConfigMapKind.Kind, NameOf(ConfigMapKind.Kind, name), document => change((JsonObject)document["metadata"]!), Cancel);

        public Task GoneAsync(params string[] names) => UntilAsync(items => !names.Any(items.ContainsKey));

        public async Task UntilAsync(Func<IReadOnlyDictionary<string, JsonObject>, bool> isSo)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            patience.CancelAfter(s_patience);
            var items = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
            ObjectList list = await kube.Objects.ListAsync(ConfigMapKind.Kind, null, Cancel);
            foreach (StoredObject item in list.Items) items[item.Name.Name] = item.ToDocument();
            if (isSo(items)) return;
            await foreach (ObjectEvent change in kube.Objects.WatchAsync(ConfigMapKind.Kind, null, list.Revision + 1, patience.Token))
            {
                if (change.Kind is ObjectEventKind.Deleted) items.Remove(change.Object.Name.Name);
                else items[change.Object.Name.Name] = change.Object.ToDocument();
                if (isSo(items)) return;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await ending.CancelAsync();
            await run;
            collector.Dispose();
            ending.Dispose();
            await kube.DisposeAsync();
        }
    }
}
