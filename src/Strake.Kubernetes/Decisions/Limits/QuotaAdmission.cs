using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Limits;

/// <summary>Whether a namespace may have one object more, or a larger one.</summary>
public static class QuotaAdmission
{
    /// <summary>Why a change is refused; null when it is not.</summary>
    /// <param name="quotas">The quotas of the namespace, with what is used as it is now.</param>
    /// <param name="before">What the object counts for as it is; nothing for a new one.</param>
    /// <param name="after">What it shall count for.</param>
    public static string? ReasonAgainst(IEnumerable<Quota> quotas, ResourceAmounts before, ResourceAmounts after)
    {
        ResourceAmounts more = after.Minus(before);
        return quotas.OrderBy(static quota => quota.Metadata.Name, StringComparer.Ordinal)
            .Select(quota => ReasonAgainst(quota, more)).FirstOrDefault(static reason => reason is not null);
    }

    // What gets less is never refused, even where there is too much of it already.
    static string? ReasonAgainst(Quota quota, ResourceAmounts more)
    {
        string[] exceeded = [.. quota.Hard.Names.Where(name => !more[name].IsNegative && !more[name].IsZero && quota.Used[name].Plus(more[name]) > quota.Hard[name])];
        return exceeded.Length == 0
            ? null
            : $"exceeded quota: {quota.Metadata.Name}, requested: {more.Only(exceeded)}, used: {quota.Used.Only(exceeded)}, limited: {quota.Hard.Only(exceeded)}";
    }
}
