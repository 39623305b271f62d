namespace Strake.Daemon.BuildKit.Solving;

/// <summary>A limit of RUN's processes.</summary>
/// <param name="Name">Which: <c>nofile</c>.</param>
/// <param name="Soft">Where it is; -1: none.</param>
/// <param name="Hard">How far a process may move it; -1: any.</param>
sealed record SolveUlimit(string Name, long Soft, long Hard);
