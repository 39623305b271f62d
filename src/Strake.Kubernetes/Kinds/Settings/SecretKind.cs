using System.Text;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Settings for pods that not everybody may read.</summary>
public static class SecretKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "Secret", Plural = "secrets", IsNamespaced = true,
        Describe = static () => SettingsSchema.Secret,
        SelectableFields = ["type"],
        Complete = Complete,
        Validate = Validate,
        Columns =
        [
            Columns.Name,
            Columns.Path("Type", "What kind of secret it is.", "type"),
            Columns.Count("Data", "How many entries it has.", static item => item.MembersAt("data").Count()),
            Columns.Age,
        ],
    };

    // What came as text becomes an entry like any other.
    static void Complete(JsonObject document)
    {
        if (document["stringData"] is not JsonObject texts) return;
        if (document["data"] is not JsonObject data) document["data"] = data = [];
        foreach ((string key, JsonNode? text) in texts) data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text?.GetValue<string>() ?? ""));
        document.Remove("stringData");
    }

    static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        SettingsRules.Check(document, old, ["data"], faults);
        string type = document.TextAt("type") ?? "";
        string[] needed = type switch
        {
            "kubernetes.io/dockerconfigjson" => [".dockerconfigjson"],
            "kubernetes.io/dockercfg" => [".dockercfg"],
            "kubernetes.io/tls" => ["tls.crt", "tls.key"],
            "kubernetes.io/ssh-auth" => ["ssh-privatekey"],
            _ => [],
        };
        foreach (string key in needed.Where(key => document.At("data", key) is null)) faults.Add(Fault.Required($"data[{key}]"));
        if (old is not null && old.TextAt("type") != type) faults.Add(Fault.InvalidText("type", type, "field is immutable"));
    }
}
