using Strake.Kubernetes;
using Strake.Daemon.KubernetesApi.Pods;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>From what a path names to the call that answers it.</summary>
/// <param name="kinds">The kinds that are served.</param>
/// <param name="reviews">Questions.</param>
/// <param name="reads">Reading calls.</param>
/// <param name="writes">Writing calls.</param>
/// <param name="pods">Streams of pods.</param>
/// <param name="tokens">Requests for tokens.</param>
sealed class KubernetesCalls(CustomKinds kinds, ReviewCalls reviews, ReadCalls reads, WriteCalls writes, PodCalls pods, TokenCalls tokens)
{
    static readonly string[] s_subresources = ["", "status", "scale", "finalize", "token"];

    /// <summary>Answers a request.</summary>
    /// <exception cref="StatusException">It fails; says why.</exception>
    public async Task AnswerAsync(KubernetesExchange exchange)
    {
        KubernetesPath path = exchange.Path;
        if (path.Version is null || path.Resource.Length == 0)
        {
            // Who has just defined a kind looks for it at once.
            await new PublishedDocuments(await kinds.LookAsync(exchange.Aborted)).AnswerAsync(exchange);
            return;
        }

        if (reviews.Knows(path))
        {
            await reviews.AnswerAsync(exchange);
            return;
        }

        ResourceKind kind = await FindAsync(path, path.Version, exchange.Aborted) ?? throw StatusException.NoSuchPath();
        if (path.Namespace is not null && !kind.IsNamespaced) throw StatusException.NoSuchPath();
        if (path.Subresource.Length > 0 && kind.Streams.Contains(path.Subresource))
        {
            await pods.AnswerAsync(exchange);
            return;
        }

        if (!s_subresources.Contains(path.Subresource) || (path.Subresource == "status" && !kind.HasStatus) || (path.Subresource == "scale" && !kind.HasScale)
            || (path.Subresource == "token" && kind != ServiceAccountKind.Kind))
            throw StatusException.NoSuchPath();
        await (path.Name.Length == 0 ? OfAllAsync(exchange, kind) : OfOneAsync(exchange, kind));
    }

    async Task<ResourceKind?> FindAsync(KubernetesPath path, GroupVersion version, CancellationToken cancellationToken) =>
        kinds.Served.Catalog.Find(version.Group, version.Version, path.Resource)
        ?? (await kinds.LookAsync(cancellationToken)).Catalog.Find(version.Group, version.Version, path.Resource);

    Task OfAllAsync(KubernetesExchange exchange, ResourceKind kind) => exchange.Method switch
    {
        "GET" or "HEAD" when exchange.Flag("watch") => reads.WatchAsync(exchange, kind),
        "GET" or "HEAD" => reads.ListAsync(exchange, kind),
        "POST" => writes.CreateAsync(exchange, kind),
        "DELETE" => writes.DeleteAllAsync(exchange, kind),
        _ => throw StatusException.MethodNotAllowed(),
    };

    Task OfOneAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        if (kind.IsNamespaced && exchange.Path.Namespace is null) throw StatusException.NoSuchPath();
        if (exchange.Path.Subresource == "scale") return ScaleAsync(exchange, kind);
        if (exchange.Path.Subresource == "token") return tokens.CreateAsync(exchange);
        return exchange.Method switch
        {
            "GET" or "HEAD" when exchange.Flag("watch") => reads.WatchAsync(exchange, kind),
            "GET" or "HEAD" => reads.GetAsync(exchange, kind),
            "PUT" => writes.ReplaceAsync(exchange, kind),
            "PATCH" => writes.PatchAsync(exchange, kind),
            "DELETE" when exchange.Path.Subresource.Length == 0 => writes.DeleteAsync(exchange, kind),
            _ => throw StatusException.MethodNotAllowed(),
        };
    }

    Task ScaleAsync(KubernetesExchange exchange, ResourceKind kind) => exchange.Method switch
    {
        "GET" => reads.GetScaleAsync(exchange, kind),
        "PUT" or "PATCH" => writes.ScaleAsync(exchange, kind),
        _ => throw StatusException.MethodNotAllowed(),
    };

    /// <summary>The object that a path names.</summary>
    public static ObjectName NameOf(KubernetesPath path, ResourceKind kind) => new(kind.IsNamespaced ? path.Namespace ?? "" : "", path.Name);
}
