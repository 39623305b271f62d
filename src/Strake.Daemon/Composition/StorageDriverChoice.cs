using Strake.Layers;

namespace Strake.Daemon.Composition;

/// <summary>A storage driver, and why it is this one.</summary>
/// <param name="Driver">The driver.</param>
/// <param name="Reason">For the log and for <c>docker info</c>.</param>
sealed record StorageDriverChoice(IStorageDriver Driver, string Reason);
