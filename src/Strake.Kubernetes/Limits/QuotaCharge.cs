using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Decisions.Limits;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;
using StoredObject = Strake.Kubernetes.Objects.StoredObject;

namespace Strake.Kubernetes.Limits;

/// <summary>
/// Charges the quotas of a namespace for what is made in it, and refuses what they do not allow. What is used is written in the transaction of what uses it, so
/// that two at once cannot have the last of it.
/// </summary>
/// <remarks>
/// What a quota says is used may be too much for a moment after a deletion. Before anything is refused it is therefore counted, so that what was just given
/// back can be had at once.
/// </remarks>
/// <param name="objects">The objects.</param>
/// <param name="kinds">The kinds that there are.</param>
public sealed class QuotaCharge(ObjectStore objects, Func<KindCatalog> kinds) : IObjectCharge
{
    readonly QuotaCount count = new(objects, kinds);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ObjectWrite>> ChargeAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken)
    {
        if (!kind.IsNamespaced) return [];
        IReadOnlyList<StoredObject> quotas = (await objects.ListAsync(ResourceQuotaKind.Kind, new Objects.Metadata(document).Namespace, cancellationToken)).Items;
        if (quotas.Count == 0) return [];
        JsonElement after = document.ToElement();
        ResourceAmounts used = QuotaUsage.Of(kind.QualifiedPlural, after);
        JsonElement before = old?.ToElement() ?? default;
        ResourceAmounts given = old is null ? ResourceAmounts.Empty : QuotaUsage.Of(kind.QualifiedPlural, before);
        List<ObjectWrite> writes = [];
        foreach (StoredObject stored in quotas)
        {
            Quota quota = QuotaCount.Read(stored);
            bool isCovered = QuotaScopes.Cover(quota, kind.QualifiedPlural, after);
            ResourceAmounts more = isCovered ? used : ResourceAmounts.Empty;
            if (old is not null && QuotaScopes.Cover(quota, kind.QualifiedPlural, before)) more = more.Minus(given);
            if (isCovered && old is null && kind == PodKind.Kind && PodUsage.MissingFor(quota, after) is { } missing) throw StatusException.Forbidden(kind, new Objects.Metadata(document).Name, missing);
            if (quota.Hard.Names.All(name => more[name].IsZero)) continue;
            quota = await AllowAsync(quota, more, reason => StatusException.Forbidden(kind, new Objects.Metadata(document).Name, reason), cancellationToken);
            writes.Add(QuotaCount.Write(stored, quota, quota.Used.Plus(more.Only(quota.Hard.Names))));
        }

        return writes;
    }

    // The quota with what is really used where that matters.
    async ValueTask<Quota> AllowAsync(Quota quota, ResourceAmounts more, Func<string, StatusException> refusal, CancellationToken cancellationToken)
    {
        bool isCounted = quota.Hard.Names.All(quota.Used.Has);
        if (isCounted && QuotaAdmission.ReasonAgainst([quota], ResourceAmounts.Empty, more) is null) return quota;
        quota = quota with { Used = await count.InAsync(quota, cancellationToken) };
        return QuotaAdmission.ReasonAgainst([quota], ResourceAmounts.Empty, more) is { } reason ? throw refusal(reason) : quota;
    }
}
