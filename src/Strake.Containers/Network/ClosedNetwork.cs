using System.Security.Cryptography;
using System.Text;

namespace Strake.Containers.Networks;

/// <summary>
/// The networks that need no setting up: <c>none</c>, a namespace with nothing but loopback, and <c>host</c>, the host's own.
/// </summary>
/// <param name="name"><c>none</c> or <c>host</c>.</param>
/// <param name="driver"><c>null</c> or <c>host</c>.</param>
sealed class ClosedNetwork(string name, string driver) : IContainerNetwork
{
    string? id;

    /// <inheritdoc/>
    public string Name => name;

    // Made when asked for: hashing brings OpenSSL into the process, which an idle daemon does not need.
    /// <inheritdoc/>
    public string Id => id ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("network " + name)));

    /// <inheritdoc/>
    public NetworkDescription Describe() => new(Id, name, driver, null, null, new Dictionary<string, string>());

    /// <inheritdoc/>
    public Task<NetworkAttachment> JoinAsync(NetworkJoin join, CancellationToken cancellationToken) => Task.FromResult(
        new NetworkAttachment(
            new NetworkEndpoint { NetworkId = Id, EndpointId = RandomNumberGenerator.GetHexString(64, lowercase: true) },
            new Dictionary<string, IReadOnlyList<PortBinding>?>()));

    /// <inheritdoc/>
    public Task LeaveAsync(string containerId, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ResumeAsync(string containerId, NetworkAttachment attachment, CancellationToken cancellationToken) => Task.CompletedTask;
}
