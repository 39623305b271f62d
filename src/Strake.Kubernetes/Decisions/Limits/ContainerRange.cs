using System.Globalization;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Limits;

/// <summary>What a namespace's limit ranges say of a pod's containers: what they get where they ask for nothing, and whether what they ask for may be.</summary>
/// <remarks>Kubernetes' <c>plugin/pkg/admission/limitranger</c>.</remarks>
public static class ContainerRange
{
    const string Container = "Container";
    const string Pod = "Pod";
    const double Thousand = 1000;

    /// <summary>Gives containers the requests and limits that they do not name themselves.</summary>
    /// <param name="ranges">The limit ranges of the namespace.</param>
    /// <param name="spec">The pod's specification; is completed.</param>
    public static void Complete(IEnumerable<LimitRange> ranges, JsonObject spec)
    {
        LimitRangeItem[] items = [.. ItemsOf(ranges, Container)];
        foreach (JsonObject container in ContainersOf(spec))
        {
            foreach (LimitRangeItem item in items)
            {
                Fill(container, "limits", item.Default);
                Fill(container, "requests", item.DefaultRequest);
            }
        }
    }

    /// <summary>Why a pod is refused; null when it is not. Several reasons stand in brackets, as Kubernetes joins them.</summary>
    /// <param name="ranges">The limit ranges of the namespace.</param>
    /// <param name="spec">The pod's specification, completed.</param>
    public static string? ReasonAgainst(IEnumerable<LimitRange> ranges, JsonObject spec)
    {
        LimitRange[] all = [.. ranges];
        string[] reasons =
        [
            .. ContainersOf(spec).SelectMany(container => ItemsOf(all, Container).SelectMany(item => Reasons(item, Amounts(container, "requests"), Amounts(container, "limits")))),
            .. ItemsOf(all, Pod).SelectMany(item => Reasons(item, Sum(spec, "requests"), Sum(spec, "limits"))),
        ];
        return reasons.Length switch
        {
            0 => null,
            1 => reasons[0],
            _ => $"[{string.Join(", ", reasons)}]",
        };
    }

    static IEnumerable<string> Reasons(LimitRangeItem item, ResourceAmounts requests, ResourceAmounts limits)
    {
        foreach ((string name, Quantity least) in item.Min)
        {
            if (!requests.Has(name)) yield return $"minimum {name} usage per {item.Type} is {least}.  No request is specified";
            else if (requests[name] < least) yield return $"minimum {name} usage per {item.Type} is {least}, but request is {requests[name]}";
            if (limits.Has(name) && limits[name] < least) yield return $"minimum {name} usage per {item.Type} is {least}, but limit is {limits[name]}";
        }

        foreach ((string name, Quantity most) in item.Max)
        {
            if (!limits.Has(name)) yield return $"maximum {name} usage per {item.Type} is {most}.  No limit is specified";
            else if (limits[name] > most) yield return $"maximum {name} usage per {item.Type} is {most}, but limit is {limits[name]}";
            if (requests.Has(name) && requests[name] > most) yield return $"maximum {name} usage per {item.Type} is {most}, but request is {requests[name]}";
        }

        foreach ((string name, Quantity most) in item.MostRatio)
            if (ReasonOfRatio(item, name, most, requests, limits) is { } reason) yield return reason;
    }

    static string? ReasonOfRatio(LimitRangeItem item, string name, Quantity most, ResourceAmounts requests, ResourceAmounts limits)
    {
        string rule = $"{name} max limit to request ratio per {item.Type} is {most}, but";
        if (requests[name].IsZero) return $"{rule} no request is specified or request is 0";
        if (limits[name].IsZero) return $"{rule} no limit is specified or limit is 0";
        Quantity milli = Quantity.Parse("1m");
        double ratio = (double)limits[name].In(milli) / requests[name].In(milli);
        return ratio * Thousand > most.In(milli) ? string.Create(CultureInfo.InvariantCulture, $"{rule} provided ratio is {ratio:F6}") : null;
    }

    static void Fill(JsonObject container, string list, ResourceAmounts defaults)
    {
        if (defaults.Count == 0) return;
        if (container["resources"] is not JsonObject resources) container["resources"] = resources = [];
        if (resources[list] is not JsonObject amounts) resources[list] = amounts = [];
        foreach ((string name, Quantity amount) in defaults) amounts[name] ??= amount.ToString();
    }

    static IEnumerable<LimitRangeItem> ItemsOf(IEnumerable<LimitRange> ranges, string type) => ranges.SelectMany(static range => range.Items).Where(item => item.Type == type);

    static IEnumerable<JsonObject> ContainersOf(JsonObject spec) => spec.ItemsAt("containers").Concat(spec.ItemsAt("initContainers")).OfType<JsonObject>();

    static ResourceAmounts Sum(JsonObject spec, string list) => spec.ItemsAt("containers").OfType<JsonObject>()
        .Aggregate(ResourceAmounts.Empty, (sum, container) => sum.Plus(Amounts(container, list)));

    static ResourceAmounts Amounts(JsonObject container, string list) => (container.ObjectAt("resources", list) ?? [])
        .Aggregate(ResourceAmounts.Empty, static (all, next) => Quantity.TryParse(next.Value?.ToString() ?? "", out Quantity amount) ? all.With(next.Key, amount) : all);
}
