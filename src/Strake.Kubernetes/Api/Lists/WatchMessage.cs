using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>What a watch says.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED or BOOKMARK.</param>
/// <param name="Object">The object; null for a bookmark.</param>
/// <param name="Revision">The version that the watch has come to.</param>
/// <param name="EndsInitial">Whether it is the bookmark behind what was there at the start.</param>
public sealed record WatchMessage(string Type, StoredObject? Object, long Revision, bool EndsInitial = false);
