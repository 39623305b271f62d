namespace Strake.Daemon.DockerApi;

/// <summary>How a network gives addresses.</summary>
sealed record NetworkIpamBody(string Driver, IReadOnlyDictionary<string, string>? Options, IReadOnlyList<NetworkRangeBody>? Config);
