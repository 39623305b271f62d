namespace Strake.Containers.Plugins;

/// <summary>What of a plugin's config the user can set, as it stands.</summary>
/// <param name="Mounts">What of the host is mounted.</param>
/// <param name="Env">Its variables, <c>NAME=value</c>.</param>
/// <param name="Args">The arguments of its program.</param>
/// <param name="Devices">Devices of the host.</param>
public sealed record PluginSettings(
    IReadOnlyList<PluginMountSetting> Mounts, IReadOnlyList<string> Env, IReadOnlyList<string> Args, IReadOnlyList<PluginDevice> Devices)
{
    /// <summary>What the config says.</summary>
    public static PluginSettings Of(PluginConfig config) => new(
        config.Mounts,
        [.. config.Env.Where(static variable => variable.Value is not null).Select(static variable => $"{variable.Name}={variable.Value}")],
        config.Args.Value ?? [],
        config.Linux.Devices);

    /// <summary>The settings with one changed. Pure.</summary>
    /// <param name="config">Says what may be set.</param>
    /// <param name="text"><c>name=value</c>, or <c>name.field=value</c>.</param>
    /// <exception cref="StrakeException">Invalid: there is no such setting, or it may not be set; in Docker's words.</exception>
    public PluginSettings With(PluginConfig config, string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string key = equals < 0 ? text : text[..equals];
        string value = equals < 0 ? "" : text[(equals + 1)..];
        int dot = key.LastIndexOf('.');
        string name = dot > 0 ? key[..dot] : key;
        string field = dot > 0 ? key[(dot + 1)..] : "";
        if (key.Length == 0)
            throw StrakeException.Invalid($"\"{text}\" is no setting: name=value is");
        if (config.Env.FirstOrDefault(variable => variable.Name == name) is { } variable && Allow(variable.Settable, "value", field, name))
            return this with { Env = [.. Env.Where(item => !item.StartsWith(name + "=", StringComparison.Ordinal)), $"{name}={value}"] };
        if (config.Mounts.FirstOrDefault(mount => mount.Name == name) is { } mount && Allow(mount.Settable, "source", field, name))
            return this with { Mounts = [.. Mounts.Select(item => item.Name == name ? item with { Source = value } : item)] };
        if (config.Linux.Devices.FirstOrDefault(device => device.Name == name) is { } device && Allow(device.Settable, "path", field, name))
            return this with { Devices = [.. Devices.Select(item => item.Name == name ? item with { Path = value } : item)] };
        if (config.Args.Name == name && Allow(config.Args.Settable, "value", field, name))
            return this with { Args = value.Split(' ', StringSplitOptions.RemoveEmptyEntries) };
        throw StrakeException.Invalid($"setting \"{name}\" not found in the plugin configuration");
    }

    static bool Allow(IReadOnlyList<string>? settable, string own, string field, string name) =>
        (field.Length == 0 || field == own) && settable?.Contains(own, StringComparer.Ordinal) == true
            ? true
            : throw StrakeException.Invalid($"\"{name}\" is not settable");
}
