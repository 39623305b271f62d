using System.Text.Json;

namespace Strake.Kubernetes.Kinds;

/// <summary>A column of the table as which <c>kubectl get</c> shows objects of a kind.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Type">string, integer, boolean or date.</param>
/// <param name="Description">What stands there.</param>
/// <param name="Value">From a document and the time of day to what stands there.</param>
public sealed record Column(string Name, string Type, string Description, Func<JsonElement, DateTimeOffset, Cell> Value)
{
    /// <summary>0: always shown; above: only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }

    /// <summary>How the value is shaped: <c>name</c> for the object's name, else empty.</summary>
    public string Format { get; init; } = "";

    /// <summary>The same column, shown with <c>-o wide</c> alone.</summary>
    public Column Wide() => this with { Priority = 1 };
}
