using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>CSI drivers, and how they want to be called.</summary>
public static class CsiDriverKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "storage.k8s.io", Kind = "CSIDriver", Plural = "csidrivers",
        Describe = static () => StorageSchema.CSIDriver,
        Columns =
        [
            Columns.Name,
            Columns.Flag("AttachRequired", "Whether volumes are attached first.", static item => item.FlagAt("spec", "attachRequired") is not false),
            Columns.Flag("PodInfoOnMount", "Whether the driver is told of the pod.", static item => item.FlagAt("spec", "podInfoOnMount") is true),
            Columns.Flag("StorageCapacity", "Whether capacity counts.", static item => item.FlagAt("spec", "storageCapacity") is true),
            Columns.Text("TokenRequests", "Tokens that the driver wants.", static item => Listed(item.ItemsAt("spec", "tokenRequests").Select(static token => token.TextAt("audience") ?? ""))),
            Columns.Flag("RequiresRepublish", "Whether it wants to be called again.", static item => item.FlagAt("spec", "requiresRepublish") is true),
            Columns.Text("Modes", "Persistent or Ephemeral.", static item => Listed(item.ItemsAt("spec", "volumeLifecycleModes").Select(static mode => mode.GetString() ?? ""))),
            Columns.Age,
        ],
        Complete = static document =>
        {
            if (document.ObjectAt("spec") is { } spec) spec["volumeLifecycleModes"] ??= new System.Text.Json.Nodes.JsonArray("Persistent");
        },
    };

    static string Listed(IEnumerable<string> names)
    {
        string all = string.Join(',', names);
        return all.Length == 0 ? "<unset>" : all;
    }
}
