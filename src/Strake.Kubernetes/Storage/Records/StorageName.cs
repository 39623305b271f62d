namespace Strake.Kubernetes.Storage;

/// <summary>Whose a name is: <c>claim-storage-name/&lt;volume&gt;</c>. Written with the <see cref="StorageRecord"/>, so that two claims never choose one name.</summary>
/// <param name="PersistentVolume">The PersistentVolume's name.</param>
sealed record StorageName(string PersistentVolume);
