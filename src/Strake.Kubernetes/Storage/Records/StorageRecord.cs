namespace Strake.Kubernetes.Storage;

/// <summary>Which volume of the engine has the storage of a PersistentVolume: <c>claim-storage/&lt;its name&gt;</c>.</summary>
/// <param name="Volume">The volume, as <c>docker volume ls</c> shows it.</param>
/// <param name="Driver">The driver, as classes name it.</param>
/// <param name="IsBorrowed">Whether the storage is somebody else's, and the volume only a way to it: it goes, and its content stays.</param>
public sealed record StorageRecord(string Volume, string Driver, bool IsBorrowed = false);
