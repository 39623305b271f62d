using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Strake.Grpc;

/// <summary>Where a host listens, and what it permits its clients.</summary>
public sealed record GrpcHostOptions
{
    /// <summary>Where it listens; at least one.</summary>
    public required IReadOnlyList<GrpcAddress> Addresses { get; init; }

    /// <summary>Who may connect to unix sockets: 0660, the owner and the group, unless said.</summary>
    public UnixFileMode SocketMode { get; init; } =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>How long calls may take to end when the host stops, before they are cut off.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many calls a connection carries at once; further ones wait at the client.</summary>
    public int MaxCallsPerConnection { get; init; } = 1000;

    /// <summary>How many connections there may be; further ones are closed at once.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>How many bytes the metadata of a call may have, names and values; a connection that sends more is closed.</summary>
    public int MaxMetadataBytes { get; init; } = 64 * 1024;

    /// <summary>The clock of <see cref="Grace"/>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes the logs of connections; calls are told by <see cref="GrpcServerOptions.Log"/>.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;
}
