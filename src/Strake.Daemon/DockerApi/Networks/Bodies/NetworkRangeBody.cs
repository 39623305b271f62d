namespace Strake.Daemon.DockerApi;

/// <summary>A range of addresses.</summary>
sealed record NetworkRangeBody(string Subnet, string Gateway);
