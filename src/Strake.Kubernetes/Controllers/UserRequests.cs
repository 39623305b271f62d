using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Controllers;

/// <summary>Requests of controllers, over the same code that serves users.</summary>
/// <param name="writer">Writes of users.</param>
/// <param name="objects">The objects.</param>
/// <param name="manager">Who writes, for the account of fields.</param>
public sealed class UserRequests(ObjectWriter writer, ObjectStore objects, string manager) : IObjectRequests
{
    static readonly Dictionary<string, ResourceKind> s_kinds = KindCatalog.BuiltIn.Stored.GroupBy(static kind => kind.Plural, StringComparer.Ordinal)
        .ToDictionary(static kinds => kinds.Key, static kinds => kinds.First(), StringComparer.Ordinal);

    readonly WriteOptions options = new() { FieldManager = manager };

    /// <inheritdoc/>
    public async Task<StoredObject> CreateAsync(string resource, string space, JsonObject document, CancellationToken cancellationToken) =>
        ObjectAccess.Of(await writer.CreateAsync(s_kinds[resource], space, new DecodedDocument(document, []), options, cancellationToken));

    /// <inheritdoc/>
    /// <returns>What became of it; null when there was none of that identity.</returns>
    public async Task<ObjectChange?> DeleteAsync(ObjectId id, string uid, CancellationToken cancellationToken)
    {
        try
        {
            DeletionResult result = await objects.DeleteAsync(s_kinds[id.Resource], new(id.Key.Namespace, id.Key.Name), new Deletion { Uid = uid }, cancellationToken);
            return new(id, result.Object.Revision, result.IsGone ? null : ObjectAccess.Of(result.Object));
        }
        catch (StatusException e) when (e.Status.Code is 404 or 409)
        {
            // It is gone, or another of its name has come: the watch tells.
            return null;
        }
    }
}
