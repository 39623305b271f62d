namespace Strake.Daemon.DockerApi;

/// <summary>What a volume occupies.</summary>
/// <param name="RefCount">How many containers use it.</param>
/// <param name="Size">Bytes.</param>
sealed record VolumeUsageBody(long RefCount, long Size);
