namespace Strake.Volumes.Records;

/// <summary>What is kept of an attachment; its volume and holder stand in the key.</summary>
/// <param name="Destination">Where the holder sees the volume.</param>
/// <param name="ReadOnly">Whether it may only read.</param>
/// <param name="Since">When the use was written down.</param>
/// <param name="Mounted">Whether the holder has it mounted, or is about to; what is really so is looked at after a restart.</param>
/// <param name="Terms">What it leaves to others.</param>
sealed record VolumeUseRecord(string Destination, bool ReadOnly, DateTimeOffset Since, bool Mounted = false, UseTerms Terms = UseTerms.Shared);
