namespace Strake.Build;

/// <summary>A limit of a program's processes: getrlimit(2).</summary>
/// <param name="Name">Which, as <c>docker run --ulimit</c> names it: <c>nofile</c>.</param>
/// <param name="Soft">Where it is; -1: none.</param>
/// <param name="Hard">How far a process may move it; -1: any.</param>
public sealed record ProcessLimit(string Name, long Soft, long Hard);
