using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>What a pod bears of a node.</summary>
/// <param name="Key">The taint's name; empty with Exists for every one.</param>
/// <param name="Exists">Whether any value will do.</param>
/// <param name="Value">The value, else.</param>
/// <param name="Effect">The taint's effect; empty for every one.</param>
public sealed record Toleration(string Key, bool Exists, string Value, string Effect)
{
    /// <summary>Whether it covers a taint.</summary>
    /// <param name="taint">The taint.</param>
    public bool Tolerates(Taint taint) => (Effect.Length == 0 || Effect == taint.Effect)
        && (Key.Length == 0 ? Exists : Key == taint.Key && (Exists || Value == taint.Value));

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">An item of spec.tolerations.</param>
    public static Toleration Read(JsonElement element) =>
        new(element.Text("key"), element.Text("operator") is "Exists", element.Text("value"), element.Text("effect"));
}
