using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>What a decision on a deployment looks at: all of one moment.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Template">The state of its template now.</param>
/// <param name="Sets">Its replica sets.</param>
public sealed record DeploymentView(Deployment Deployment, string Template, IReadOnlyList<ReplicaSet> Sets)
{
    /// <summary>The set of the template as it is; null when there is none yet.</summary>
    public ReplicaSet? Current => Sets.Where(set => set.Template == Template).OrderBy(static set => set.Metadata.CreatedAt).FirstOrDefault();

    /// <summary>The other sets, the oldest first.</summary>
    public IReadOnlyList<ReplicaSet> Old =>
        [.. Sets.Where(set => set.Metadata.Uid != Current?.Metadata.Uid).OrderBy(static set => set.Revision).ThenBy(static set => set.Metadata.CreatedAt)];
}
