namespace Strake.Volumes.Records;

/// <summary>What is kept of a use of a plugin's volume; its volume and id stand in the key.</summary>
sealed record MountUseRecord(string Holder, string Driver, MountUseState State);
