using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>What new volumes can begin with, beside snapshots and other volumes: a claim's <c>dataSourceRef</c> names one. A kind of our own.</summary>
public static class VolumeSourceKind
{
    /// <summary>The group of kinds that no other Kubernetes has.</summary>
    public const string OwnGroup = "strake.dev";

    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = OwnGroup, Kind = "VolumeSource", Plural = "volumesources", IsNamespaced = true,
        Describe = static () => VolumeSourceSchema.VolumeSource,
        Validate = Validate,
        Columns =
        [
            Columns.Name,
            Columns.Path("Image", "The image whose files a volume begins with.", "spec", "image", "reference"),
            Columns.Path("Path", "The directory of the image.", "spec", "image", "path"),
            Columns.Age,
        ],
    };

    static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        string path = document.TextAt("spec", "image", "path") ?? "/";
        if (!path.StartsWith('/')) faults.Add(Fault.InvalidText("spec.image.path", path, "must be an absolute path"));
        else if (path.Split('/').Contains("..")) faults.Add(Fault.InvalidText("spec.image.path", path, "must not contain '..'"));
    }
}
