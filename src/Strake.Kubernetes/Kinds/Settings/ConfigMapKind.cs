using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Settings for pods.</summary>
public static class ConfigMapKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "ConfigMap", Plural = "configmaps", ShortNames = ["cm"], IsNamespaced = true,
        Describe = static () => SettingsSchema.ConfigMap,
        Validate = static (document, old, faults) => SettingsRules.Check(document, old, ["data", "binaryData"], faults),
        Columns =
        [
            Columns.Name,
            Columns.Count("Data", "How many entries it has.", static item => item.MembersAt("data").Count() + item.MembersAt("binaryData").Count()),
            Columns.Age,
        ],
    };
}
