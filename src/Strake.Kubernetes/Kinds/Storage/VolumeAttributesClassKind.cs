using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Attributes that a volume can change while it is in use.</summary>
public static class VolumeAttributesClassKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "storage.k8s.io", Kind = "VolumeAttributesClass", Plural = "volumeattributesclasses", ShortNames = ["vac"],
        Describe = static () => StorageSchema.VolumeAttributesClass,
        Validate = static (document, old, faults) =>
        {
            foreach (string field in (string[])["driverName", "parameters"])
                if (old is not null && !JsonNode.DeepEquals(document[field], old[field])) faults.Add(Fault.Invalid(field, document[field]?.ToJsonString() ?? "null", "field is immutable"));
        },
        Columns = [Columns.Name, Columns.Path("DriverName", "The driver.", "driverName"), Columns.Age],
    };
}
