using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Decisions.Limits;

/// <summary>Whether a single claim is of a size that its namespace permits.</summary>
public static class LimitRangeAdmission
{
    const string ClaimType = "PersistentVolumeClaim";
    const string Storage = "storage";

    /// <summary>Why a claim is refused; null when it is not. Several reasons stand in brackets, as Kubernetes joins them.</summary>
    /// <param name="ranges">The limit ranges of the namespace.</param>
    /// <param name="claim">The claim as it shall be.</param>
    public static string? ReasonAgainst(IEnumerable<LimitRange> ranges, Claim claim)
    {
        string[] reasons = [.. ranges.SelectMany(static range => range.Items).Where(static item => item.Type is ClaimType)
            .SelectMany(item => ReasonsAgainst(item, claim.Request)).Distinct(StringComparer.Ordinal)];
        return reasons switch
        {
            [] => null,
            [var reason] => reason,
            _ => $"[{string.Join(", ", reasons)}]",
        };
    }

    static IEnumerable<string> ReasonsAgainst(LimitRangeItem item, Quantity request)
    {
        if (item.Min.Has(Storage) && request < item.Min[Storage])
            yield return $"minimum storage usage per {ClaimType} is {item.Min[Storage]}, but request is {request}";
        if (item.Max.Has(Storage) && request > item.Max[Storage])
            yield return $"maximum storage usage per {ClaimType} is {item.Max[Storage]}, but request is {request}";
    }
}
