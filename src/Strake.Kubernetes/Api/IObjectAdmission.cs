using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;

namespace Strake.Kubernetes.Api;

/// <summary>A rule that looks at what users write before it is stored: it completes an object, or refuses it. Ranges of sizes are such rules.</summary>
/// <remarks>Asked after the defaults and before validation, once a write, in the order in which the rules are given. Controllers' writes are not looked at.</remarks>
public interface IObjectAdmission
{
    /// <summary>Looks at a creation or a change.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="document">The object as it is to be; may be completed.</param>
    /// <param name="old">The object as it is; null: it is new.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Objects.StatusException">Forbidden: it may not be written.</exception>
    ValueTask AdmitAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken);
}
