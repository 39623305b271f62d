namespace Strake.Containers.Spec;

/// <summary>Reads <c>HostConfig.NetworkMode</c>, <c>PidMode</c> and <c>IpcMode</c>.</summary>
static class NetworkMode
{
    const string ContainerPrefix = "container:";

    /// <summary>Whether the container has the host's network.</summary>
    public static bool IsHost(Container container) => container.Host.NetworkMode == "host" && !container.Config.NetworkDisabled;

    /// <summary>The container whose namespace is joined; null: none.</summary>
    /// <param name="mode">A mode of any of the three.</param>
    public static string? JoinedContainer(string? mode) =>
        mode?.StartsWith(ContainerPrefix, StringComparison.Ordinal) == true ? mode[ContainerPrefix.Length..] : null;

    /// <summary>The mode that joins a container.</summary>
    public static string Join(string id) => ContainerPrefix + id;
}
