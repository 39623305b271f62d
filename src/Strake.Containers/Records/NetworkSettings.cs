namespace Strake.Containers;

/// <summary>Which networks a container asks for: the <c>NetworkingConfig</c> of Docker's create request.</summary>
public sealed record NetworkSettings
{
    /// <summary>No wishes beyond <see cref="HostSettings.NetworkMode"/>.</summary>
    public static NetworkSettings None { get; } = new();

    /// <summary>Wishes by network name.</summary>
    public IReadOnlyDictionary<string, EndpointSettings?>? EndpointsConfig { get; init; }
}
