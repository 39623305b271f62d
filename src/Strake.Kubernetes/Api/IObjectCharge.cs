using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>
/// What a user's write costs: other objects that are written in the same transaction, such as what a quota has used. Laws: it is asked after everything else
/// has accepted the write, and again with the state of then when one of its objects was written meanwhile; it changes nothing itself.
/// </summary>
public interface IObjectCharge
{
    /// <summary>Says what is to be written along.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="document">The object as it is to be, complete.</param>
    /// <param name="old">The object as it is; null: it is new.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>None: the write costs nothing.</returns>
    /// <exception cref="StatusException">Forbidden: it costs more than there is.</exception>
    ValueTask<IReadOnlyList<ObjectWrite>> ChargeAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken);
}
