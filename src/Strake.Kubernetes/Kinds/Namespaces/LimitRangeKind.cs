using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Least, most and default of what objects of a namespace may ask for.</summary>
public static class LimitRangeKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "LimitRange", Plural = "limitranges", ShortNames = ["limits"],
        IsNamespaced = true,
        Describe = static () => NamespaceSchema.LimitRange,
        Validate = Validate,
        Columns = [Columns.Name, new("Created At", "date", "When it was created.", static (item, _) => item.TextAt("metadata", "creationTimestamp") ?? "")],
    };

    static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        int index = 0;
        foreach (JsonNode? limit in document.ItemsAt("spec", "limits"))
        {
            string at = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"spec.limits[{index++}]");
            foreach ((string resource, JsonNode? least) in limit.ObjectAt("min") ?? [])
            {
                if (limit.TextAt("max", resource) is { } most && Quantity.Parse(least!.GetValue<string>()) > Quantity.Parse(most))
                    faults.Add(Fault.InvalidText($"{at}.min[{resource}]", least.GetValue<string>(), $"min value {least.GetValue<string>()} is greater than max value {most}"));
            }

            if (limit.TextAt("type") == "PersistentVolumeClaim" && limit.At("min", "storage") is null && limit.At("max", "storage") is null)
                faults.Add(Fault.Required($"{at}.limits", "either minimum or maximum storage value is required, but neither was provided"));
        }
    }
}
