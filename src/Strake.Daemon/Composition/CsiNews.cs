using Microsoft.Extensions.Logging;

namespace Strake.Daemon.Composition;

/// <summary>What becomes of CSI drivers, for the log.</summary>
static partial class CsiNews
{
    /// <summary>Logs a sentence.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "{News}")]
    public static partial void Tell(ILogger log, string news);
}
