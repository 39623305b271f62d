namespace Strake.Daemon.DockerApi;

/// <summary>What a row tells of the networks.</summary>
sealed record SummaryNetworksBody(IReadOnlyDictionary<string, EndpointBody> Networks);
