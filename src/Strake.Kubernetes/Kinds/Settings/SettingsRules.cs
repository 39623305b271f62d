using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>What config maps and secrets must keep to.</summary>
static class SettingsRules
{
    const int TotalBytes = 1 << 20;
    const int KeyLength = 253;

    /// <summary>Says what is wrong with the entries of a document.</summary>
    public static void Check(JsonObject document, JsonObject? old, string[] maps, FaultList faults)
    {
        long total = 0;
        foreach (string map in maps)
        {
            foreach ((string key, JsonNode? value) in document.ObjectAt(map) ?? [])
            {
                total += System.Text.Encoding.UTF8.GetByteCount(value?.GetValue<string>() ?? "");
                if (!IsKey(key))
                {
                    faults.Add(Fault.InvalidText(
                        $"{map}[{key}]", key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', "
                        + "regex used for validation is '[-._a-zA-Z0-9]+')"));
                }
            }
        }

        if (total > TotalBytes) faults.Add(new(maps[0], "FieldValueTooLong", $"Too long: may not be more than {TotalBytes} bytes"));
        if (old.FlagAt("immutable") is not true) return;
        if (document.FlagAt("immutable") is not true) faults.Add(Fault.Forbidden("immutable", "field is immutable when `immutable` is set"));
        foreach (string map in maps)
            if (!JsonNode.DeepEquals(document[map], old![map])) faults.Add(Fault.Forbidden(map, "field is immutable when `immutable` is set"));
    }

    static bool IsKey(string key) =>
        key.Length is > 0 and <= KeyLength && key is not ("." or "..") && key.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
