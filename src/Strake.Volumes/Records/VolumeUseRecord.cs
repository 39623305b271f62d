namespace Strake.Volumes.Records;

/// <summary>What is kept of an attachment; its volume and holder stand in the key.</summary>
sealed record VolumeUseRecord(string Destination, bool ReadOnly, DateTimeOffset Since);
