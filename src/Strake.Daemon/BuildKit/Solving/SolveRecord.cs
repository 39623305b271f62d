using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Wire;

namespace Strake.Daemon.BuildKit.Solving;

/// <summary>What is remembered of a solve: while it runs, and for some time afterwards.</summary>
/// <param name="Ref">Names it.</param>
/// <param name="Progress">What was said of it.</param>
/// <param name="Record">What the history tells of it.</param>
/// <param name="IsInternal">Whether the history is silent about it: the probes that clients make.</param>
sealed record SolveRecord(string Ref, SolveProgress Progress, BuildHistoryRecord Record, bool IsInternal);
