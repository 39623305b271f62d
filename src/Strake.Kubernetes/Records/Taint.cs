using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>Something of a node that keeps pods away that do not tolerate it.</summary>
/// <param name="Key">What it is called.</param>
/// <param name="Value">More of it; may be empty.</param>
/// <param name="Effect">NoSchedule, PreferNoSchedule or NoExecute.</param>
public sealed record Taint(string Key, string Value, string Effect)
{
    /// <summary>Whether it keeps pods from being placed; a preference does not.</summary>
    public bool KeepsAway => Effect is "NoSchedule" or "NoExecute";

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">An item of spec.taints.</param>
    public static Taint Read(JsonElement element) => new(element.Text("key"), element.Text("value"), element.Text("effect"));
}
