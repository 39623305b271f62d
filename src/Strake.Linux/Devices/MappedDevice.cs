namespace Strake.Linux;

/// <summary>What is known of a mapped device that is there.</summary>
/// <param name="Number">Its number.</param>
/// <param name="OpenCount">How many have it open; a mount is one.</param>
/// <param name="IsSuspended">Whether whoever uses it waits.</param>
public sealed record MappedDevice(DeviceNumber Number, int OpenCount, bool IsSuspended);
