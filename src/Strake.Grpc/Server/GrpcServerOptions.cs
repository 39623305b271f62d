using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Strake.Grpc;

/// <summary>How a server treats its calls.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>The longest message that is taken; bytes. 4 MiB, as everywhere, unless said.</summary>
    public int MaxMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The longest message that is sent; bytes. No limit of ours unless said: who receives it has one.</summary>
    public int MaxSentMessageBytes { get; init; } = int.MaxValue;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// What an exception of a handler means to the caller; null: it is a defect, which is logged and told as <see cref="GrpcStatusCode.Internal"/>.
    /// Not asked for a <see cref="GrpcException"/>, nor for a cancellation.
    /// </summary>
    public Func<Exception, GrpcStatus?> Describe { get; init; } = static _ => null;

    /// <summary>Receives defects, and for debugging each call.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;
}
