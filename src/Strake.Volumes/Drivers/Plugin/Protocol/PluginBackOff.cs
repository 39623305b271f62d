namespace Strake.Volumes;

/// <summary>How long to wait before a plugin that cannot be reached is tried again: 1, 2, 4, … seconds, for half a minute in all.</summary>
/// <remarks>moby <c>pkg/plugins/client.go</c>: <c>backoff</c>, <c>abort</c>, <c>defaultTimeOut</c>.</remarks>
static class PluginBackOff
{
    static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>The pause before the next attempt; null when there is to be none.</summary>
    /// <param name="attempt">How many attempts have failed before this one, from 0.</param>
    /// <param name="passed">Since the first one.</param>
    public static TimeSpan? Next(int attempt, TimeSpan passed)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(1 << Math.Min(attempt, 5), s_limit.TotalSeconds));
        return passed + pause < s_limit ? pause : null;
    }
}
