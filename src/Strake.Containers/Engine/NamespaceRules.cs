using Strake.Containers.Spec;

namespace Strake.Containers.Engine;

/// <summary>Checks the namespaces that a container is to share, and turns names into ids.</summary>
sealed class NamespaceRules(EngineContext context)
{
    const string SharedMemory = "/dev/shm";

    /// <summary>The settings with the containers and networks that they name looked up.</summary>
    /// <exception cref="StrakeException">Invalid, NotFound, NotSupported: names the setting.</exception>
    public HostSettings Resolve(HostSettings host)
    {
        if (host.UTSMode is not (null or "" or "host"))
            throw StrakeException.Invalid($"invalid UTS mode: {host.UTSMode}");
        if (host.CgroupnsMode is not (null or "" or "host" or "private"))
            throw StrakeException.Invalid($"invalid cgroup namespace mode: {host.CgroupnsMode}");
        CheckIpc(host);
        if (host.PidMode is not (null or "" or "host") && NetworkMode.JoinedContainer(host.PidMode) is null)
            throw StrakeException.Invalid($"invalid PID mode: {host.PidMode}");
        if (host.Runtime is { Length: > 0 } runtime && runtime != context.Conmon.Runtime.Name)
            throw StrakeException.Invalid($"unknown or invalid runtime name: {runtime}");
        return host with { NetworkMode = Network(host), PidMode = Joined(host.PidMode), IpcMode = Joined(host.IpcMode) };
    }

    // A joined container's /dev/shm is in its own mount namespace, out of reach; who shares one file system between both mounts it there himself.
    static void CheckIpc(HostSettings host)
    {
        bool joins = NetworkMode.JoinedContainer(host.IpcMode) is not null && host.Mounts?.Any(static mount => mount.Target is SharedMemory) is true;
        if (!joins && host.IpcMode is not (null or "" or "private" or "shareable" or "host" or "none"))
            throw StrakeException.NotSupported($"HostConfig.IpcMode {host.IpcMode} is not supported yet");
    }

    string Network(HostSettings host)
    {
        string mode = host.NetworkMode is null or "" or "default" ? context.Networks.Default : host.NetworkMode;
        bool publishes = host.PortBindings is { Count: > 0 } || host.PublishAllPorts;
        if (NetworkMode.JoinedContainer(mode) is not null)
        {
            return publishes
                ? throw StrakeException.Invalid("conflicting options: port publishing and the container type network mode")
                : Joined(mode)!;
        }

        // An unknown network is told at the start: "not found" at the creation means the image to Docker's client, which would pull it.
        return context.Networks.Find(mode)?.Name ?? mode;
    }

    // By id, for the other container may be renamed.
    string? Joined(string? mode) => NetworkMode.JoinedContainer(mode) is { } reference ? NetworkMode.Join(context.Table.Get(reference).Id) : mode;
}
