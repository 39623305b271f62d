namespace Strake.Grpc;

/// <summary>How a channel treats its connection and its calls.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>The longest message that is taken; bytes. 4 MiB, as everywhere, unless said.</summary>
    public int MaxMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The longest message that is sent; bytes. No limit of ours unless said: who receives it has one.</summary>
    public int MaxSentMessageBytes { get; init; } = int.MaxValue;

    /// <summary>How many bytes the metadata of a response may have, names and values; 1 KiB and more, in whole KiB.</summary>
    public int MaxMetadataBytes { get; init; } = 64 * 1024;

    /// <summary>How long connecting may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nobody tries again after the server could not be reached once; each further failure makes it longer by 60 %.</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest that it becomes: a server that came back is found within that time.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many bytes a server may send on one call before they are read; 64 KiB to 16 MiB.</summary>
    public int WindowBytes { get; init; } = 1024 * 1024;

    /// <summary>After how much silence the other side is asked whether it is still there; infinite: never, as on a unix socket, whose end is seen.</summary>
    public TimeSpan KeepAlive { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long it may take to answer that before it counts as gone.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of deadlines, of <see cref="ConnectTimeout"/> and of back-offs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
