using System.Text.Json.Nodes;

namespace Strake.Kubernetes.Controllers;

/// <summary>
/// What controllers ask for the way users do: what they make gets defaults and is looked at by the same rules, quotas among them; what they delete has its time
/// to end. For what is only changed there is <see cref="IObjectStore"/>.
/// </summary>
public interface IObjectRequests
{
    /// <summary>Makes an object.</summary>
    /// <param name="resource">Its kind.</param>
    /// <param name="space">Its namespace.</param>
    /// <param name="document">What it shall be; becomes the callee's.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <exception cref="Objects.StatusException">It may not be, or is there already; the message is for users.</exception>
    Task<StoredObject> CreateAsync(string resource, string space, JsonObject document, CancellationToken cancellationToken);

    /// <summary>Deletes an object; of what is gone, nothing.</summary>
    /// <param name="id">Which.</param>
    /// <param name="uid">Its identity: another of its name stays.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <returns>What became of it.</returns>
    Task<ObjectChange?> DeleteAsync(ObjectId id, string uid, CancellationToken cancellationToken);
}
