using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>The limits of one type of object.</summary>
/// <param name="Type">PersistentVolumeClaim, Container or Pod.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The most.</param>
public sealed record LimitRangeItem(string Type, ResourceAmounts Min, ResourceAmounts Max)
{
    /// <summary>The limit of containers that name none; where the range does not say it, the most.</summary>
    public ResourceAmounts Default { get; init; } = ResourceAmounts.Empty;

    /// <summary>The request of containers that name none; where the range does not say it, the default limit, or the least.</summary>
    public ResourceAmounts DefaultRequest { get; init; } = ResourceAmounts.Empty;

    /// <summary>How many times the request a limit may be.</summary>
    public ResourceAmounts MostRatio { get; init; } = ResourceAmounts.Empty;

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">An item of spec.limits.</param>
    public static LimitRangeItem Read(JsonElement element)
    {
        ResourceAmounts min = ResourceAmounts.Read(element.At("min")), max = ResourceAmounts.Read(element.At("max"));
        ResourceAmounts limit = Over(max, ResourceAmounts.Read(element.At("default")));
        ResourceAmounts request = Over(Over(min, limit), ResourceAmounts.Read(element.At("defaultRequest")));
        return new(element.Text("type"), min, max) { Default = limit, DefaultRequest = request, MostRatio = ResourceAmounts.Read(element.At("maxLimitRequestRatio")) };
    }

    static ResourceAmounts Over(ResourceAmounts below, ResourceAmounts above) => above.Aggregate(below, static (all, next) => all.With(next.Key, next.Value));
}
