namespace Strake.Containers;

/// <summary>A network that running containers join.</summary>
/// <remarks>
/// Laws: a container joins once its process exists and before it runs; it leaves when it has ended, whether its
/// network namespace still exists or not. Both calls are idempotent by container, so that a restart may repeat them.
/// <example>
/// <code>
/// NetworkAttachment attachment = await network.JoinAsync(new(containerId, pid, ports), ct);
/// … start the process, wait for its end …
/// await network.LeaveAsync(containerId, ct);
/// </code>
/// </example>
/// </remarks>
public interface IContainerNetwork
{
    /// <summary>The name by which <c>--network</c> chooses it.</summary>
    string Name { get; }

    /// <summary>64 hexadecimal digits that name the network in the API.</summary>
    string Id { get; }

    /// <summary>The network as <c>docker network inspect</c> shows it; addresses are unset until the first container joins.</summary>
    NetworkDescription Describe();

    /// <summary>Gives a container an interface on the network and publishes its ports.</summary>
    /// <param name="join">The container, its process and its ports.</param>
    /// <param name="cancellationToken">Honoured between steps; what was set up is taken down again.</param>
    /// <returns>What the container has got.</returns>
    /// <exception cref="StrakeException">
    /// Unavailable: this host cannot have the network; names what is missing. Conflict: a port is taken. Exhausted: no
    /// address or port is left.
    /// </exception>
    Task<NetworkAttachment> JoinAsync(NetworkJoin join, CancellationToken cancellationToken);

    /// <summary>Takes a container's address and ports back. A container that has none is done already.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="cancellationToken">Honoured between steps.</param>
    Task LeaveAsync(string containerId, CancellationToken cancellationToken);

    /// <summary>After a restart of the engine: takes notice of a container that joined before and still runs.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="attachment">What it was given when it joined.</param>
    /// <param name="cancellationToken">Honoured between steps.</param>
    Task ResumeAsync(string containerId, NetworkAttachment attachment, CancellationToken cancellationToken);
}
