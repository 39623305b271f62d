using Strake.Layers;

namespace Strake.Daemon.Composition;

/// <summary>A storage driver, and why it is this one.</summary>
/// <param name="Driver">The driver.</param>
/// <param name="Reason">For the log and for <c>docker info</c>.</param>
sealed record StorageDriverChoice(IStorageDriver Driver, string Reason)
{
    /// <summary>The most that a writable layer may hold where nobody says more of it; null: what the disk has.</summary>
    public long? SizeLimitBytes { get; init; }
}
