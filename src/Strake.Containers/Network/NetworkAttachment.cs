namespace Strake.Containers;

/// <summary>What a container has on a network while it runs.</summary>
/// <param name="Endpoint">Its interface and addresses.</param>
/// <param name="Ports">Ports as they are really published: each address of the host with the port that was chosen.</param>
public sealed record NetworkAttachment(NetworkEndpoint Endpoint, IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Ports);
