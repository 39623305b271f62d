namespace Strake.Containers;

/// <summary>A resource limit of a container's process.</summary>
/// <param name="Name">Without <c>RLIMIT_</c>, in lower case: <c>nofile</c>.</param>
/// <param name="Hard">What the process may raise the soft limit to; -1: no limit.</param>
/// <param name="Soft">What holds; -1: no limit.</param>
public sealed record Ulimit(string Name, long Hard, long Soft);
