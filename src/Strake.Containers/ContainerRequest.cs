namespace Strake.Containers;

/// <summary>What somebody wants a container to be.</summary>
/// <param name="Name">Its name; null or empty: a random one.</param>
/// <param name="Config">What it is; <see cref="ContainerConfig.Image"/> names the image.</param>
/// <param name="Host">How it stands on its host.</param>
/// <param name="Network">Its networks.</param>
/// <param name="Platform">The image's platform, <c>os/arch</c>; null: any.</param>
/// <param name="Step">What a step of a build runs on, in the place of an image; null: it is no such step.</param>
public sealed record ContainerRequest(
    string? Name, ContainerConfig Config, HostSettings Host, NetworkSettings Network, string? Platform = null,
    StepRoot? Step = null);
