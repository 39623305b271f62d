namespace Strake.Grpc;

/// <summary>What goes with one call.</summary>
public sealed record GrpcCallOptions
{
    /// <summary>Nothing.</summary>
    public static GrpcCallOptions None { get; } = new();

    /// <summary>What the server gets beside the messages.</summary>
    public GrpcMetadata Metadata { get; init; } = GrpcMetadata.Empty;

    /// <summary>How long the call may take in all, streams included; the server is told. Null: as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// Whether the call waits, as long as its time lasts, for a server that cannot be reached, instead of failing with Unavailable. A call that was
    /// sent is never sent again.
    /// </summary>
    public bool WaitForReady { get; init; }
}
