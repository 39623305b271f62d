using System.Globalization;
using Microsoft.Extensions.Logging;
using Strake.Containers.Spec;
using Strake.Daemon.Csi;
using Strake.Daemon.Server;

namespace Strake.Daemon.Configuration;

/// <summary>All settings of the daemon, under the names that dockerd gives them.</summary>
/// <remarks>moby <c>cmd/dockerd/config.go</c>, <c>daemon/config/config.go</c>.</remarks>
public static class DaemonSettings
{
    /// <summary>The settings, in the order of the help text.</summary>
    public static IReadOnlyList<DaemonSetting> All { get; } =
    [
        new("data-root", 'g', "data-root", SettingKind.Text, "Root directory of persistent state (default /var/lib/strake)",
            (options, value) => options with { DataRoot = AbsolutePath("data-root", value) }),
        new("exec-root", null, "exec-root", SettingKind.Text, "Root directory of sockets and execution state (default /run/strake)",
            (options, value) => options with { ExecRoot = AbsolutePath("exec-root", value) }),
        new("host", 'H', "hosts", SettingKind.List, "Socket to listen on: unix:///path or tcp://address:port (default docker.sock in exec-root)",
            (options, value) => options with { Hosts = [.. options.Hosts, ListenAddress.Parse(value)] }),
        new("kube-listen", null, "kube-listen", SettingKind.Text, "Address and port for kubectl, such as 127.0.0.1:6443 (default: none)",
            (options, value) => options with { KubeListen = ListenAddress.ParseTcp("kube-listen", value) }),
        new("storage-driver", 's', "storage-driver", SettingKind.Text, "Storage driver (default: the first that works)",
            (options, value) => options with { StorageDriver = value }),
        new("storage-opt", null, "storage-opts", SettingKind.List, "Storage driver option, key=value",
            (options, value) => options with { StorageOptions = [.. options.StorageOptions, Pair("storage-opt", value)] }),
        new("max-layer-size", null, "max-layer-size", SettingKind.Text, "Most that a compressed layer may expand to, such as 2T (default 1T, and beyond 32G 500 times what came)",
            (options, value) => options with { MaxLayerSizeBytes = Size("max-layer-size", value) }),
        new("build-cache-limit", null, "build-cache-limit", SettingKind.Text, "Most that builds may leave for later ones, such as 20G (default: what the disk has)",
            (options, value) => options with { BuildCacheLimitBytes = Size("build-cache-limit", value) }),
        new("build-fetch-limit", null, "build-fetch-limit", SettingKind.Text, "Most that a build fetches of one address or git repository, such as 50G (default 16G)",
            (options, value) => options with { BuildFetchLimitBytes = Size("build-fetch-limit", value) }),
        new("pidfile", 'p', "pidfile", SettingKind.Text, "Path of the pid file (default strake.pid in exec-root)",
            (options, value) => options with { PidFile = AbsolutePath("pidfile", value) }),
        new("group", 'G', "group", SettingKind.Text, "Group of the unix sockets (default docker, where it exists)",
            (options, value) => options with { Group = value }),
        new("log-level", 'l', "log-level", SettingKind.Text, "debug, info, warn, error or fatal (default info)",
            (options, value) => options with { LogLevel = LevelOf(value) }),
        new("debug", 'D', "debug", SettingKind.Switch, "Log at level debug",
            (options, value) => IsYes("debug", value) ? options with { LogLevel = LogLevel.Debug } : options),
        new("default-runtime", null, "default-runtime", SettingKind.Text, "OCI runtime of containers (default: the first that works)",
            (options, value) => options with { DefaultRuntime = value }),
        new("add-runtime", null, null, SettingKind.List, "Further OCI runtime, name=path",
            (options, value) => WithRuntime(options, Pair("add-runtime", value))),
        new("bip", null, "bip", SettingKind.Text, "Address and prefix of the default bridge",
            (options, value) => options with { BridgeAddress = value }),
        new("bridge", 'b', "bridge", SettingKind.Text, "Name of the default bridge; none: no default bridge",
            (options, value) => options with { Bridge = value }),
        new("label", null, "labels", SettingKind.List, "Label of the daemon, key=value",
            (options, value) => options with { Labels = [.. options.Labels, Pair("label", value)] }),
        new("max-concurrent-downloads", null, "max-concurrent-downloads", SettingKind.Number, "Layers that are downloaded at once (default 6)",
            (options, value) => options with { MaxConcurrentDownloads = Count("max-concurrent-downloads", value) }),
        new("max-concurrent-uploads", null, "max-concurrent-uploads", SettingKind.Number, "Layers that are uploaded at once (default 5)",
            (options, value) => options with { MaxConcurrentUploads = Count("max-concurrent-uploads", value) }),
        new("insecure-registry", null, "insecure-registries", SettingKind.List, "Registry without encryption or with an unknown certificate: host[:port] or a range of addresses",
            (options, value) => options with { InsecureRegistries = [.. options.InsecureRegistries, value] }),
        new("registry-mirror", null, "registry-mirrors", SettingKind.List, "Address that is asked before Docker Hub",
            (options, value) => options with { RegistryMirrors = [.. options.RegistryMirrors, value] }),
        new("registry-hosts", null, "registry-hosts", SettingKind.Text, "Folder of HOST/hosts.toml and certificates (default /etc/strake/certs.d, /etc/docker/certs.d)",
            (options, value) => options with { RegistryHosts = [AbsolutePath("registry-hosts", value)] }),
        new("plugin-sockets", null, "plugin-sockets", SettingKind.List, "Folder of sockets of plugins (default plugins in exec-root, /run/docker/plugins)",
            (options, value) => options with { PluginSockets = [.. options.PluginSockets, AbsolutePath("plugin-sockets", value)] }),
        new("plugin-specs", null, "plugin-specs", SettingKind.List, "Folder of .spec and .json files of plugins (default /etc/docker/plugins, /usr/lib/docker/plugins)",
            (options, value) => options with { PluginSpecifications = [.. options.PluginSpecifications, AbsolutePath("plugin-specs", value)] }),
        new("plugin-link", null, "plugin-link", SettingKind.Text, "Folder that gets strake.spec, such as /etc/docker/plugins: Docker finds the volumes there",
            (options, value) => options with { PluginLink = AbsolutePath("plugin-link", value) }),
        new("csi-endpoint", null, "csi-endpoints", SettingKind.List, "Socket on which orchestrators find the volumes as strake.csi: unix:///path (default: none)",
            (options, value) => options with { CsiEndpoints = [.. options.CsiEndpoints, CsiEndpoint.Parse("csi-endpoint", value)] }),
        new("node-id", null, "node-id", SettingKind.Text, "This machine's name among its orchestrator's (default: the host's name)",
            (options, value) => options with { NodeId = value }),
        new("csi-driver", null, "csi-drivers", SettingKind.List, "Socket of a CSI driver that does not register: unix:///path",
            (options, value) => options with { CsiSockets = [.. options.CsiSockets, SocketPath("csi-driver", value)] }),
        new("plugins-registry", null, "plugins-registry", SettingKind.Text, "Folder in which CSI drivers register, as with a kubelet (default plugins_registry in exec-root)",
            (options, value) => options with { PluginsRegistry = AbsolutePath("plugins-registry", value) }),
        new("live-restore", null, "live-restore", SettingKind.Switch, "Containers go on while the daemon is down (always so)",
            (options, value) => IsYes("live-restore", value) ? options : throw NotYet("live-restore=false: containers always go on")),
    ];

    /// <summary>dockerd's other settings: known by name, so that the refusal can say that it is no spelling mistake.</summary>
    public static IReadOnlySet<string> Missing { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "allow-nondistributable-artifacts", "api-cors-header", "authorization-plugin", "authorization-plugins", "bip6", "builder",
        "cdi-spec-dir", "cdi-spec-dirs", "cgroup-parent", "containerd", "containerd-namespace", "containerd-plugins-namespace",
        "cpu-rt-period", "cpu-rt-runtime", "cri-containerd", "default-address-pool", "default-address-pools", "default-cgroupns-mode",
        "default-gateway", "default-gateway-v6", "default-ipc-mode", "default-network-opt", "default-network-opts", "default-shm-size",
        "default-ulimit", "default-ulimits", "dns", "dns-opt", "dns-opts", "dns-search", "exec-opt", "exec-opts", "experimental",
        "feature", "features", "firewall-backend", "fixed-cidr", "fixed-cidr-v6", "host-gateway-ip", "host-gateway-ips", "http-proxy",
        "https-proxy", "icc", "init", "init-path", "ip", "ip-forward", "ip-forward-no-drop",
        "ip-masq", "ip6tables", "iptables", "ipv6", "log-driver", "log-format", "log-opt", "log-opts", "max-download-attempts", "metrics-addr", "mtu", "network-control-plane-mtu", "no-new-privileges",
        "no-proxy", "node-generic-resource", "node-generic-resources", "oom-score-adjust", "proxies", "raw-logs", "rootless", "seccomp-profile", "selinux-enabled", "shutdown-timeout", "swarm-default-advertise-addr", "tls",
        "tlscacert", "tlscert", "tlskey", "tlsverify", "userland-proxy", "userland-proxy-path", "userns-remap", "validate",
    };

    /// <summary>The refusal of what dockerd has and Strake has not.</summary>
    public static StrakeException NotYet(string name) => StrakeException.NotSupported($"the setting {name} is not supported yet");

    /// <summary>Adds a runtime given as <c>name=path</c>.</summary>
    public static DaemonOptions WithRuntime(DaemonOptions options, string pair)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        var runtimes = new Dictionary<string, string>(options.Runtimes, StringComparer.Ordinal) { [pair[..equals]] = pair[(equals + 1)..] };
        return options with { Runtimes = runtimes };
    }

    static string AbsolutePath(string setting, string value) =>
        value.Length > 0 ? Path.GetFullPath(value) : throw StrakeException.Invalid($"the setting {setting} needs a path");

    static string SocketPath(string setting, string value)
    {
        string path = value.StartsWith("unix://", StringComparison.Ordinal) ? value["unix://".Length..] : value;
        return path.StartsWith('/') ? path : throw StrakeException.Invalid($"the setting {setting} wants unix:///path of a socket, not \"{value}\"");
    }

    static long Size(string setting, string value) =>
        ByteSize.TryParse(value) is { } bytes and > 0 ? bytes : throw StrakeException.Invalid($"the setting {setting} wants a size such as 100G, not \"{value}\"");

    static string Pair(string setting, string value) =>
        value.IndexOf('=', StringComparison.Ordinal) > 0 ? value : throw StrakeException.Invalid($"the setting {setting} wants key=value, not \"{value}\"");

    // As dockerd: none is a mistake. More than this is one, too: each has a connection and buffers.
    static int Count(string setting, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 100
            ? count
            : throw StrakeException.Invalid($"the setting {setting} wants a number from 1 to 100, not \"{value}\"");

    static bool IsYes(string setting, string value) => value switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw StrakeException.Invalid($"the setting {setting} wants true or false, not \"{value}\""),
    };

    static LogLevel LevelOf(string value) => value switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warn" or "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "fatal" or "panic" => LogLevel.Critical,
        _ => throw StrakeException.Invalid($"invalid logging level: {value}; use debug, info, warn, error or fatal"),
    };
}
