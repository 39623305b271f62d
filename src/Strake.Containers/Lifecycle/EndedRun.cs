namespace Strake.Containers.Lifecycle;

/// <summary>A run that has ended, as far as the restart policy cares.</summary>
/// <param name="ExitCode">How.</param>
/// <param name="Lasted">For how long it ran.</param>
/// <param name="StoppedByUser">Whether somebody asked for its end.</param>
/// <param name="Restarts">How often the policy has started it since somebody did.</param>
/// <param name="LastDelay">How long the last start was held back; zero: it was not.</param>
readonly record struct EndedRun(int ExitCode, TimeSpan Lasted, bool StoppedByUser, int Restarts, TimeSpan LastDelay);
