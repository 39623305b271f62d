using System.Text;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Limits;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Tests;

/// <summary>An API over a store in memory, with the permanent namespaces.</summary>
public sealed class KubeFixture : IAsyncDisposable
{
    readonly MemoryStateStore _state = new();

    KubeFixture()
    {
        Objects = new ObjectStore(_state, TimeProvider.System);
        Writer = new ObjectWriter(
            Objects, [new DefaultClass(Objects), new LimitRangeRule(Objects), new ProtectionInUse()], [new QuotaCharge(Objects, static () => KindCatalog.BuiltIn)], TimeProvider.System);
        Emptier = new NamespaceEmptier(Objects, static () => KindCatalog.BuiltIn);
    }

    public ObjectStore Objects { get; }

    public ObjectWriter Writer { get; }

    public NamespaceEmptier Emptier { get; }

    public IStateStore State => _state;

    public List<string> Warnings { get; } = [];

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<KubeFixture> OpenAsync()
    {
        var fixture = new KubeFixture();
        await fixture.Emptier.EnsurePermanentAsync(Cancel);
        return fixture;
    }

    public static string Claim(string name, string size = "1Gi", string more = "") => $$$$"""
        {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"{{{{name}}}}"},
         "spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"{{{{size}}}}"}}{{{{more}}}}}}
        """;

    public static string ConfigMap(string name, string data) => $$$$"""{"metadata":{"name":"{{{{name}}}}"},"data":{{{{data}}}}}""";

    public Task<StoredObject> CreateAsync(ResourceKind kind, string json, WriteOptions? options = null, string home = "default") =>
        Writer.CreateAsync(kind, kind.IsNamespaced ? home : "", Read(kind, json), (options ?? new WriteOptions()) with { Warn = Warnings.Add }, Cancel);

    public Task<StoredObject> ReplaceAsync(ResourceKind kind, string name, string json, WriteOptions? options = null) =>
        Writer.ReplaceAsync(kind, NameOf(kind, name), Read(kind, json), options ?? new WriteOptions(), Cancel);

    public Task<StoredObject> PatchAsync(ResourceKind kind, string name, PatchKind form, string patch, WriteOptions? options = null) =>
        Writer.PatchAsync(kind, NameOf(kind, name), form, Encoding.UTF8.GetBytes(patch), options ?? new WriteOptions(), Cancel);

    public async Task<JsonObject> ApplyAsync(ResourceKind kind, string name, string json, string manager, bool force = false) =>
        (await Writer.ApplyAsync(kind, NameOf(kind, name), Encoding.UTF8.GetBytes(json), force, new WriteOptions { FieldManager = manager }, Cancel)).Object.ToDocument();

    public async Task<JsonObject> GetAsync(ResourceKind kind, string name) => (await Objects.GetAsync(kind, NameOf(kind, name), Cancel)).ToDocument();

    public static ObjectName NameOf(ResourceKind kind, string name) => new(kind.IsNamespaced ? "default" : "", name);

    public static async Task<ApiStatus> RefusedAsync(Func<Task> action) => (await Assert.ThrowsAsync<StatusException>(action)).Status;

    public ValueTask DisposeAsync() => _state.DisposeAsync();

    static DecodedDocument Read(ResourceKind kind, string json) => DocumentReader.Read(Encoding.UTF8.GetBytes(json), kind.Schema);
}
