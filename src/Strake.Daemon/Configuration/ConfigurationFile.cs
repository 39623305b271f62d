using System.Text.Json;

namespace Strake.Daemon.Configuration;

/// <summary>Reads <c>daemon.json</c>: dockerd's keys, and no others.</summary>
static class ConfigurationFile
{
    /// <summary>Reads a file's settings.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Flag and value of each setting; a list gives one for each of its members.</returns>
    /// <exception cref="StrakeException">Invalid: no JSON object, an unknown key, a value of the wrong type; names file and key.</exception>
    public static IReadOnlyList<GivenFlag> Read(string path)
    {
        try
        {
            // dockerd's own file may be empty.
            byte[] text = File.ReadAllBytes(path);
            if (text.Length == 0) return [];
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind is not JsonValueKind.Object) throw Wrong(path, "it is not a JSON object");
            var found = new List<GivenFlag>();
            foreach (JsonProperty property in document.RootElement.EnumerateObject()) found.AddRange(ReadProperty(path, property));
            return found;
        }
        catch (JsonException e)
        {
            throw Wrong(path, e.Message);
        }
        catch (IOException e)
        {
            throw Wrong(path, e.Message);
        }
    }

    static IEnumerable<GivenFlag> ReadProperty(string path, JsonProperty property)
    {
        if (property.NameEquals("runtimes")) return ReadRuntimes(path, property.Value);
        DaemonSetting? setting = DaemonSettings.All.FirstOrDefault(setting => string.Equals(setting.FileKey, property.Name, StringComparison.Ordinal));
        if (setting is null) throw DaemonSettings.Missing.Contains(property.Name) ? DaemonSettings.NotYet(property.Name) : Unknown(path, property.Name);
        return (setting.Kind, property.Value.ValueKind) switch
        {
            (SettingKind.Text, JsonValueKind.String) => [new(setting.Flag, property.Value.GetString()!)],
            (SettingKind.Number, JsonValueKind.Number) => [new(setting.Flag, property.Value.GetRawText())],
            (SettingKind.Switch, JsonValueKind.True) => [new(setting.Flag, "true")],
            (SettingKind.Switch, JsonValueKind.False) => [new(setting.Flag, "false")],
            (SettingKind.List, JsonValueKind.Array) => ReadList(path, setting, property.Value),
            _ => throw Wrong(path, $"{property.Name} has the wrong type ({property.Value.ValueKind})"),
        };
    }

    static List<GivenFlag> ReadList(string path, DaemonSetting setting, JsonElement list)
    {
        var values = new List<GivenFlag>();
        foreach (JsonElement value in list.EnumerateArray())
        {
            if (value.ValueKind is not JsonValueKind.String) throw Wrong(path, $"{setting.FileKey} is not a list of texts");
            values.Add(new(setting.Flag, value.GetString()!));
        }

        return values;
    }

    // "runtimes": { "crun": { "path": "/usr/bin/crun" } }
    static List<GivenFlag> ReadRuntimes(string path, JsonElement runtimes)
    {
        if (runtimes.ValueKind is not JsonValueKind.Object) throw Wrong(path, "runtimes is not an object");
        var values = new List<GivenFlag>();
        foreach (JsonProperty runtime in runtimes.EnumerateObject())
        {
            bool plain = runtime.Value.ValueKind is JsonValueKind.Object && runtime.Value.EnumerateObject().All(member => member.NameEquals("path"));
            if (!plain || !runtime.Value.TryGetProperty("path", out JsonElement program) || program.ValueKind is not JsonValueKind.String)
                throw Wrong(path, $"runtimes.{runtime.Name} must have a path, and nothing else is supported yet");
            values.Add(new("add-runtime", $"{runtime.Name}={program.GetString()}"));
        }

        return values;
    }

    static StrakeException Unknown(string path, string key) =>
        Wrong(path, $"the following directives don't match any configuration option: {key}");

    static StrakeException Wrong(string path, string why) =>
        StrakeException.Invalid($"unable to configure the daemon with file {path}: {why}");
}
