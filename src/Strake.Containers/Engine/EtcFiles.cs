using Strake.Containers.Networks;
using Strake.Containers.Spec;

namespace Strake.Containers.Engine;

/// <summary>Writes what a container sees as /etc/hostname, /etc/hosts and /etc/resolv.conf.</summary>
sealed class EtcFiles(EngineContext context)
{
    const string HostResolvConf = "/etc/resolv.conf";

    /// <summary>Writes the three files, in place: they may be mounted already.</summary>
    /// <param name="container">The container.</param>
    /// <param name="endpoint">Its place on its network; null: none yet, or none at all.</param>
    public void Write(Container container, NetworkEndpoint? endpoint)
    {
        if (NetworkMode.JoinedContainer(container.Host.NetworkMode) is { } id)
        {
            Container other = context.Table.Get(id).Container;
            if (!other.State.IsRunning)
                throw StrakeException.Conflict($"cannot join network of a non running container: {id}");
            CopyFrom(other, container);
            return;
        }

        ContainerConfig config = container.Config;
        HostSettings host = container.Host;
        if (endpoint is null)
        {
            WriteText(container.HostnamePath, config.Hostname + "\n");
            WriteText(container.ResolvConfPath, ResolvConf.Render(
                File.Exists(HostResolvConf) ? File.ReadAllText(HostResolvConf) : "",
                ownNamespace: !NetworkMode.IsHost(container),
                host.Dns ?? [], host.DnsSearch ?? [], host.DnsOptions ?? []));
        }

        // host-gateway is known when the network has been joined, and needs none when there is no network.
        bool isLast = endpoint is not null || host.NetworkMode is "none" or "host" || config.NetworkDisabled;
        WriteText(container.HostsPath, HostsFile.Render(
            config.Hostname ?? "", config.Domainname ?? "", endpoint?.IPAddress ?? "", isLast ? host.ExtraHosts ?? [] : [], endpoint?.Gateway ?? ""));
    }

    static void CopyFrom(Container other, Container container)
    {
        WriteText(container.HostnamePath, File.ReadAllText(other.HostnamePath));
        WriteText(container.HostsPath, File.ReadAllText(other.HostsPath));
        WriteText(container.ResolvConfPath, File.ReadAllText(other.ResolvConfPath));
    }

    // The process inside may be any user.
    static void WriteText(string path, string text)
    {
        using var file = Linux.Syscall.Open(
            path, Linux.OpenFlags.WriteOnly | Linux.OpenFlags.Create | Linux.OpenFlags.Truncate | Linux.OpenFlags.NoFollow, Linux.Permissions.Octal0644);
        RandomAccess.Write(file, System.Text.Encoding.UTF8.GetBytes(text), 0);
        Linux.Syscall.Chmod(file, Linux.Permissions.Octal0644);
    }
}
