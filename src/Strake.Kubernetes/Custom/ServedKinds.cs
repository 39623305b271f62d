using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;

namespace Strake.Kubernetes;

/// <summary>The kinds of one moment, and the documents that publish them. Immutable.</summary>
/// <param name="catalog">The kinds.</param>
public sealed class ServedKinds(KindCatalog catalog)
{
    /// <summary>The kinds.</summary>
    public KindCatalog Catalog { get; } = catalog;

    /// <summary>Tells which kinds there are.</summary>
    public Discovery Discovery { get; } = new(catalog);

    /// <summary>Tells what they look like.</summary>
    public OpenApi OpenApi { get; } = new(catalog);
}
