namespace Strake.Containers;

/// <summary>A container that joins a network.</summary>
/// <param name="ContainerId">The container.</param>
/// <param name="Pid">A process in its network namespace.</param>
/// <param name="Ports">Ports to publish: <c>80/tcp</c> to addresses of the host; none: nothing is published.</param>
public sealed record NetworkJoin(string ContainerId, int Pid, IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> Ports);
