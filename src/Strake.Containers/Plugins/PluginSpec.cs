using Strake.Containers.Oci;
using Strake.Containers.Spec;

namespace Strake.Containers.Plugins;

/// <summary>Makes the runtime's spec of a plugin: a container with the rights that it declares, and its socket's folder shared with the host.</summary>
/// <remarks>moby <c>plugin/v2/plugin_linux.go</c>.</remarks>
static class PluginSpec
{
    const string SocketFolder = "/run/docker/plugins";
    const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The spec.</summary>
    /// <param name="plugin">The plugin.</param>
    /// <param name="root">Its root file system.</param>
    /// <param name="folder">Where its folders are.</param>
    /// <param name="cgroup">Its cgroup.</param>
    /// <param name="available">The capabilities that the engine has.</param>
    /// <exception cref="StrakeException">Invalid: a mount or device is not set, or a right is not to be had; names it.</exception>
    public static OciSpec Of(ManagedPlugin plugin, string root, PluginFolder folder, string cgroup, IReadOnlyCollection<string> available)
    {
        PluginConfig config = plugin.Config;
        IReadOnlyList<string> capabilities = Capabilities.Choose(config.Linux.Capabilities ?? [], [], privileged: false, available);
        IReadOnlyList<HostDevice> devices = HostDevices.Find(new HostSettings { Devices = [.. plugin.Settings.Devices.Select(DeviceOf)] });
        return new OciSpec
        {
            Process = new OciProcess
            {
                User = new OciUser(config.User.UID, config.User.GID),
                Args = [.. config.Entrypoint, .. plugin.Settings.Args],
                Env = [DefaultPath, .. plugin.Settings.Env],
                Cwd = config.WorkDir.Length > 0 ? config.WorkDir : "/",
                Capabilities = new OciCapabilities(capabilities, capabilities, capabilities),
                NoNewPrivileges = true,
            },
            Root = new OciRoot(root, Readonly: false),
            Hostname = plugin.Id[..12],
            Mounts = [.. Kernel(config), .. Own(plugin, folder)],
            Linux = new OciLinux
            {
                Namespaces = [.. NamespacesOf(config)],
                CgroupsPath = cgroup,
                Resources = new OciResources { Devices = RulesOf(config, devices) },
                Devices = [.. devices.Select(static device => device.Device)],
                MaskedPaths = SpecBuilder.MaskedPaths,
                ReadonlyPaths = SpecBuilder.ReadonlyPaths,
                // Its own mounts reach the host through the folder that is shared; all others are private at their source.
                RootfsPropagation = config.PropagatedMount.Length > 0 ? "rshared" : null,
            },
        };
    }

    static IEnumerable<OciNamespace> NamespacesOf(PluginConfig config)
    {
        yield return new("mount");
        yield return new("uts");
        if (config.Network.Type != "host")
            yield return new("network");
        if (!config.PidHost)
            yield return new("pid");
        if (!config.IpcHost)
            yield return new("ipc");
    }

    static IEnumerable<OciMount> Kernel(PluginConfig config)
    {
        yield return new("/proc", "proc", "proc", ["nosuid", "noexec", "nodev"]);
        yield return new("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]);
        yield return new("/dev/pts", "devpts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]);
        yield return config.Network.Type == "host"
            ? new("/sys", "bind", "/sys", ["rbind", "nosuid", "noexec", "nodev", "ro"])
            : new("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]);
        yield return new("/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]);
    }

    static IEnumerable<OciMount> Own(ManagedPlugin plugin, PluginFolder folder)
    {
        if (plugin.Config.PropagatedMount is { Length: > 0 } propagated)
            yield return new(propagated, "bind", folder.Propagated(plugin.Id), ["rbind", "rw", "rshared"]);
        yield return new(SocketFolder, "bind", folder.Sockets(plugin.Id), ["rbind", "rprivate"]);
        if (plugin.Config.Network.Type == "host")
        {
            foreach (string file in (string[])["/etc/hosts", "/etc/resolv.conf"])
            {
                if (File.Exists(file))
                    yield return new(file, "bind", file, ["rbind", "ro"]);
            }
        }

        foreach (PluginMountSetting mount in plugin.Settings.Mounts)
        {
            string source = mount.Source ?? throw StrakeException.Invalid($"plugin {plugin.Name}: mount source is not specified: {mount.Name}; set it with docker plugin set {plugin.Name} {mount.Name}.source=…");
            yield return new(mount.Destination, mount.Type, source, mount.Options);
        }
    }

    static List<OciDeviceRule> RulesOf(PluginConfig config, IReadOnlyList<HostDevice> devices)
    {
        List<OciDeviceRule> rules = [.. SpecResources.Of(new HostSettings(), devices).Devices];
        if (config.Linux.AllowAllDevices)
            rules.Add(new OciDeviceRule(Allow: true, Type: "a", Major: null, Minor: null, Access: "rwm"));
        return rules;
    }

    static DeviceMapping DeviceOf(PluginDevice device)
    {
        string path = device.Path ?? throw StrakeException.Invalid($"device path is not specified: {device.Name}; set it with docker plugin set");
        return new DeviceMapping(path, path, "rwm");
    }
}
