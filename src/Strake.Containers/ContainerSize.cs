namespace Strake.Containers;

/// <summary>What a container occupies.</summary>
/// <param name="SizeRwBytes">Bytes of its writable layer.</param>
/// <param name="SizeRootFsBytes">Bytes of its image's layers and its writable layer.</param>
public sealed record ContainerSize(long SizeRwBytes, long SizeRootFsBytes);
