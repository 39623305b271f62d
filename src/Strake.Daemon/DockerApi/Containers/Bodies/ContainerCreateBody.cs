using Strake.Containers;

namespace Strake.Daemon.DockerApi;

/// <summary>The body of <c>POST /containers/create</c>: a config with two members more.</summary>
sealed record ContainerCreateBody : ContainerConfig
{
    public HostSettings? HostConfig { get; init; }

    public NetworkSettings? NetworkingConfig { get; init; }
}
