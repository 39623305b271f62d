namespace Strake.Volumes.Records;

/// <summary>A place at which a volume is published, or is to be, or was: <c>csi-publish/&lt;volume&gt;/&lt;hash of the path&gt;</c>.</summary>
/// <param name="Target">The path.</param>
/// <param name="IsBlock">Whether a device is there, and not a directory.</param>
/// <param name="IsReadOnly">Whether it can only be read there.</param>
/// <param name="AccessMode">How it was asked for, as the interface's number.</param>
/// <param name="MountFlags">The mount's options, as they were asked for.</param>
/// <param name="Holder">Its holder in the ledger.</param>
sealed record PublishRecord(string Target, bool IsBlock, bool IsReadOnly, int AccessMode, IReadOnlyList<string> MountFlags, string Holder);
