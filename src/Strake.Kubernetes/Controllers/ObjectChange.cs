namespace Strake.Kubernetes.Controllers;

/// <summary>One object's part in a change.</summary>
/// <param name="Id">Which.</param>
/// <param name="Revision">The revision of the change.</param>
/// <param name="After">What it is since; null when it is gone.</param>
public sealed record ObjectChange(ObjectId Id, long Revision, StoredObject? After);
