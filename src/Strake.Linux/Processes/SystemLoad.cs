namespace Strake.Linux;

/// <summary>How the machine stands (<c>sysinfo(2)</c>).</summary>
/// <param name="Uptime">Since it was started; whole seconds.</param>
/// <param name="MemoryBytes">Memory in all.</param>
/// <param name="FreeMemoryBytes">Memory that is free, not counting caches.</param>
/// <param name="SwapBytes">Swap in all.</param>
/// <param name="FreeSwapBytes">Swap that is free.</param>
/// <param name="Tasks">Threads.</param>
public sealed record SystemLoad(TimeSpan Uptime, long MemoryBytes, long FreeMemoryBytes, long SwapBytes, long FreeSwapBytes, int Tasks);
