using Microsoft.Extensions.Logging;

namespace Strake.Daemon.DockerApi;

/// <summary>What a prune could not remove. Docker's answer has no place for it: it goes to the log, and to the user where it is all there is.</summary>
static partial class PruneFailures
{
    /// <summary>Tells of failures.</summary>
    /// <param name="failures">A sentence each; mostly none.</param>
    /// <param name="removedAny">Whether something was removed, which the answer must say.</param>
    /// <param name="log">Receives each failure.</param>
    /// <exception cref="StrakeException">Unavailable: nothing was removed; says why.</exception>
    public static void Tell(IReadOnlyList<string> failures, bool removedAny, ILogger log)
    {
        foreach (string failure in failures) LogFailure(log, failure);
        if (failures.Count > 0 && !removedAny) throw StrakeException.Unavailable(string.Join("; ", failures));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Prune: {Failure}")]
    static partial void LogFailure(ILogger logger, string failure);
}
