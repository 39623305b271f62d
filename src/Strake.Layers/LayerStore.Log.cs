using Microsoft.Extensions.Logging;
using Strake.Images;

namespace Strake.Layers;

public sealed partial class LayerStore
{
    [LoggerMessage(EventId = 20, Level = LogLevel.Error, Message = "Chain {Chain} was not collected; the next start or prune does it")]
    static partial void LogNotCollected(ILogger logger, ChainId chain, Exception error);
}
