using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>
/// Which pod or claim of a set comes or goes next: pods with numbers, each with claims of its own that it finds again. One at a time, upwards when they come,
/// downwards when they go, and not before the one before is ready; at once where the set says so.
/// </summary>
/// <remarks>Kubernetes' <c>pkg/controller/statefulset</c>. A claim whose pod was scaled away is deleted itself, not by way of an owner reference to the pod.</remarks>
public static class StatefulSetDecisions
{
    static readonly StatefulSetDecision s_nothing = new StatefulSetDecision.Nothing();

    /// <summary>The decision for a set.</summary>
    /// <param name="view">What is seen.</param>
    public static StatefulSetDecision Decide(StatefulSetView view) => view.Set.Metadata.IsBeingDeleted
        ? s_nothing
        : OwnClaims(view) ?? Come(view) ?? Go(view) ?? Replace(view) ?? DropClaims(view) ?? s_nothing;

    // Whether claims go with the set is written on them before anything else: the set may be deleted at any time.
    static StatefulSetDecision.OwnClaim? OwnClaims(StatefulSetView view)
    {
        StatefulSet set = view.Set;
        foreach (Claim claim in view.Claims)
        {
            OwnerReference? own = claim.Metadata.Owners.FirstOrDefault(owner => owner.Uid == set.Metadata.Uid);
            if ((own is not null) == set.DeletesClaimsWithSet) continue;
            ValueList<OwnerReference> owners = own is null
                ? claim.Metadata.Owners.With(new OwnerReference("apps/v1", "StatefulSet", set.Metadata.Name, set.Metadata.Uid, IsController: false))
                : claim.Metadata.Owners.Without(own);
            return new StatefulSetDecision.OwnClaim(claim with { Metadata = claim.Metadata with { Owners = owners } });
        }

        return null;
    }

    static StatefulSetDecision? Come(StatefulSetView view)
    {
        StatefulSet set = view.Set;
        for (int ordinal = set.FirstOrdinal; set.Wants(ordinal); ordinal++)
        {
            string name = set.PodName(ordinal);
            WorkloadPod? pod = view.Pods.FirstOrDefault(candidate => candidate.Name == name);
            StatefulSetDecision? decision = pod switch
            {
                // Observed: missing.
                null => Create(view, ordinal),

                // Observed: ended; the next one gets its name and its claims.
                { Pod: { IsTerminated: true, Metadata.IsBeingDeleted: false } } =>
                    new StatefulSetDecision.DeletePod(name, EventText.Warning("RecreatingTerminatedPod", $"StatefulSet {set.Metadata.Key} is recreating {pod.Pod.Phase} Pod {name}")),

                // Observed: there, and not ready; those after it wait.
                { IsHealthy: false } when !set.IsParallel => new StatefulSetDecision.Wait($"pod {name} is not ready"),

                // Observed: there.
                _ => null,
            };

            // A pod that only waits does not keep one of an older template that will never be ready from being replaced.
            if (decision is StatefulSetDecision.Wait && pod is not null && IsOutdated(view, pod) && Replace(view) is { } replacement) return replacement;
            if (decision is not null) return decision;
        }

        return null;
    }

    static StatefulSetDecision Create(StatefulSetView view, int ordinal)
    {
        StatefulSet set = view.Set;
        string pod = set.PodName(ordinal);
        foreach (ClaimTemplate template in set.ClaimTemplates)
        {
            string claim = template.ClaimOf(pod);
            switch (view.Claims.FirstOrDefault(candidate => candidate.Metadata.Name == claim))
            {
                case null:
                    return new StatefulSetDecision.CreateClaim(template, claim, EventText.Normal(
                        "SuccessfulCreate", $"create Claim {claim} Pod {pod} in StatefulSet {set.Metadata.Name} success"));
                case { Metadata.IsBeingDeleted: true }:
                    return new StatefulSetDecision.Wait($"claim {claim} is being deleted");
            }
        }

        return new StatefulSetDecision.CreatePod(ordinal, pod, EventText.Normal("SuccessfulCreate", $"create Pod {pod} in StatefulSet {set.Metadata.Name} successful"));
    }

    static StatefulSetDecision? Go(StatefulSetView view)
    {
        StatefulSet set = view.Set;
        WorkloadPod[] condemned =
        [
            .. view.Pods.Where(pod => set.OrdinalOf(pod.Name) is { } ordinal && !set.Wants(ordinal)).OrderByDescending(pod => set.OrdinalOf(pod.Name)),
        ];
        foreach (WorkloadPod pod in condemned)
        {
            // Observed: too many, and the one after it goes still.
            if (pod.Pod.Metadata.IsBeingDeleted && !set.IsParallel) return new StatefulSetDecision.Wait($"pod {pod.Name} is being deleted");

            // Observed: too many.
            if (!pod.Pod.Metadata.IsBeingDeleted) return Delete(set, pod);
        }

        return null;
    }

    static StatefulSetDecision? Replace(StatefulSetView view)
    {
        StatefulSet set = view.Set;
        if (!set.RollsOut) return null;
        foreach (WorkloadPod pod in view.Pods.Where(pod => set.OrdinalOf(pod.Name) is { } ordinal && set.Wants(ordinal)).OrderByDescending(pod => set.OrdinalOf(pod.Name)))
        {
            // Observed: of an older template.
            if (IsOutdated(view, pod)) return pod.Pod.Metadata.IsBeingDeleted ? new StatefulSetDecision.Wait($"pod {pod.Name} is being replaced") : Delete(set, pod);

            // Observed: replaced, and not ready yet.
            if (!pod.IsHealthy && pod.Revision == view.Revision) return new StatefulSetDecision.Wait($"pod {pod.Name} is not ready");
        }

        return null;
    }

    static StatefulSetDecision.DeleteClaim? DropClaims(StatefulSetView view)
    {
        StatefulSet set = view.Set;
        if (!set.DeletesClaimsWhenScaled) return null;
        Claim? left = view.Claims.FirstOrDefault(claim => !claim.Metadata.IsBeingDeleted && set.OrdinalOf(claim.Metadata.Name) is { } ordinal && !set.Wants(ordinal)
            && view.Pods.All(pod => pod.Name != set.PodName(ordinal)));
        return left is null ? null : new StatefulSetDecision.DeleteClaim(left.Metadata.Name);
    }

    static bool IsOutdated(StatefulSetView view, WorkloadPod pod) =>
        pod.Revision != view.Revision && view.Set.OrdinalOf(pod.Name) is { } ordinal && ordinal >= view.Set.Partition;

    static StatefulSetDecision.DeletePod Delete(StatefulSet set, WorkloadPod pod) =>
        new(pod.Name, EventText.Normal("SuccessfulDelete", $"delete Pod {pod.Name} in StatefulSet {set.Metadata.Name} successful"));
}
