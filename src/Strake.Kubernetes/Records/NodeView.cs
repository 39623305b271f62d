using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A Node, as far as decisions read it.</summary>
public sealed record NodeView
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>Whether an operator keeps new pods away (kubectl cordon).</summary>
    public bool IsUnschedulable { get; init; }

    /// <summary>Whether its agent says that it works.</summary>
    public bool IsReady { get; init; } = true;

    /// <summary>What keeps pods away.</summary>
    public ValueList<Taint> Taints { get; init; } = [];

    /// <summary>What pods may use in all.</summary>
    public ComputeAmounts Allocatable { get; init; }

    /// <summary>How many pods it takes; 0 when it does not say.</summary>
    public int MaxPods { get; init; }

    /// <summary>Its name.</summary>
    public string Name => Metadata.Name;

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static NodeView Read(JsonElement document)
    {
        JsonElement spec = document.At("spec"), status = document.At("status");
        return new NodeView
        {
            Metadata = Metadata.Read(document),
            IsUnschedulable = spec.Flag("unschedulable"),
            IsReady = status.List("conditions", static condition => (Type: condition.Text("type"), Status: condition.Text("status")))
                .All(static condition => condition.Type is not "Ready" || condition.Status is "True"),
            Taints = spec.List("taints", Taint.Read),
            Allocatable = ComputeAmounts.Read(status.At("allocatable")),
            MaxPods = (int)Math.Min(int.MaxValue, status.At("allocatable").Quantity("pods")?.ToInt64() ?? 0),
        };
    }
}
