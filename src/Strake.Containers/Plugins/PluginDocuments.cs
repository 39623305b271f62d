using System.Text.Json;

namespace Strake.Containers.Plugins;

/// <summary>Reads and checks a plugin's config.</summary>
static class PluginDocuments
{
    /// <summary>What a config may take.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The media type by which a manifest says that it is a plugin's.</summary>
    public const string ConfigType = "application/vnd.docker.plugin.v1+json";

    /// <summary>What the protocol of volumes is called in a config.</summary>
    public const string VolumeDriver = "docker.volumedriver/1.0";

    /// <summary>Reads a config. Pure.</summary>
    /// <exception cref="StrakeException">Invalid: it is none; says why.</exception>
    public static PluginConfig ReadConfig(ReadOnlySpan<byte> bytes)
    {
        PluginConfig config;
        try
        {
            config = JsonSerializer.Deserialize(bytes, ManagedPluginJson.Default.PluginConfig) ?? throw StrakeException.Invalid("the plugin's config.json is null");
        }
        catch (JsonException malformed)
        {
            throw StrakeException.Invalid($"the plugin's config.json cannot be read: {malformed.Message}", malformed);
        }

        config = Complete(config);
        // The socket's name becomes a path of the host.
        if (config.Interface.Socket.Length == 0 || config.Interface.Socket.Contains('/', StringComparison.Ordinal) || config.Interface.Socket is "." or "..")
            throw StrakeException.Invalid($"the plugin's config.json names no socket that could be one: interface.socket is \"{config.Interface.Socket}\"");
        if (config.Entrypoint.Count == 0)
            throw StrakeException.Invalid("the plugin's config.json names no program: entrypoint is empty");
        if (config.PropagatedMount.Length > 0 && !config.PropagatedMount.StartsWith('/'))
            throw StrakeException.Invalid($"the plugin's config.json: propagatedMount \"{config.PropagatedMount}\" is not absolute");
        return config;
    }

    // A member that is there and null is the same as one that is not.
    static PluginConfig Complete(PluginConfig config)
    {
        var none = new PluginConfig();
        return config with
        {
            Interface = config.Interface is null ? none.Interface : config.Interface with { Types = config.Interface.Types ?? [], Socket = config.Interface.Socket ?? "" },
            Entrypoint = config.Entrypoint ?? [],
            WorkDir = config.WorkDir ?? "",
            User = config.User ?? none.User,
            Network = config.Network is { Type: not null } network ? network : none.Network,
            Linux = config.Linux is null ? none.Linux : config.Linux with { Devices = config.Linux.Devices ?? [] },
            PropagatedMount = config.PropagatedMount ?? "",
            Mounts = [.. (config.Mounts ?? []).Select(static mount => mount with { Options = mount.Options ?? [] })],
            Env = config.Env ?? [],
            Args = config.Args ?? none.Args,
        };
    }
}
