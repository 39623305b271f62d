using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>Which replica set of a deployment grows or shrinks next: the one of the template as it is comes, the others go, and the service stays.</summary>
/// <remarks>Kubernetes' <c>pkg/controller/deployment</c>, one step at a time.</remarks>
public static class DeploymentDecisions
{
    static readonly DeploymentDecision s_nothing = new DeploymentDecision.Nothing();

    /// <summary>The decision for a deployment.</summary>
    /// <param name="view">What is seen.</param>
    public static DeploymentDecision Decide(DeploymentView view)
    {
        Deployment deployment = view.Deployment;
        ReplicaSet? current = view.Current;
        ReplicaSet[] active = [.. view.Old.Where(static set => set.Replicas > 0)];
        return deployment switch
        {
            // Observed: on its way out; its sets go with it.
            { Metadata.IsBeingDeleted: true } => s_nothing,

            // Observed: no roll-out for now; the number is kept with what there is.
            { IsPaused: true } => KeepNumber(deployment, view.Sets),

            // Observed: old pods, all of which go before the first new one comes.
            { Recreates: true } when active.Length > 0 => Scale(active[0], 0),
            { Recreates: true } when view.Old.Any(static set => set.Present > 0) => new DeploymentDecision.Wait("pods of the older template are being deleted"),

            // Observed: no set of the template as it is.
            _ when current is null => new DeploymentDecision.CreateSet(Math.Clamp(Room(view), 0, deployment.Replicas), NextRevision(view)),

            // Observed: a set of long ago, whose template is the deployment's again.
            _ when view.Old.Any(old => old.Revision >= current.Revision) => new DeploymentDecision.Renumber(current.Metadata.Name, NextRevision(view)),

            // Observed: too many of the template as it is.
            _ when current.Replicas > deployment.Replicas => Scale(current, deployment.Replicas),

            // Observed: too few, and room for more.
            _ when current.Replicas < deployment.Replicas && Room(view) > 0 => Scale(current, Math.Min(deployment.Replicas, current.Replicas + Room(view))),

            // Observed: old ones, that go as new ones come.
            _ when active.Length > 0 => Shrink(view, current, active),

            _ => Forget(view, current),
        };
    }

    static int Room(DeploymentView view) =>
        view.Deployment.Replicas + (view.Deployment.Recreates ? 0 : view.Deployment.MaxSurge) - view.Sets.Sum(static set => set.Replicas);

    static long NextRevision(DeploymentView view) => view.Old.Select(static set => set.Revision).DefaultIfEmpty(0).Max() + 1;

    static DeploymentDecision Shrink(DeploymentView view, ReplicaSet current, ReplicaSet[] active)
    {
        Deployment deployment = view.Deployment;
        int least = deployment.Replicas - deployment.MaxUnavailable;

        // Pods that may go in all, counting new ones that do not serve yet as if they were not there.
        int spare = view.Sets.Sum(static set => set.Replicas) - least - (current.Replicas - current.Serving);

        // What does not serve may go at once.
        foreach (ReplicaSet set in active)
            if (Math.Min(set.Replicas - set.Serving, spare) is > 0 and int useless) return Scale(set, set.Replicas - useless);
        int serving = view.Sets.Sum(static set => set.Serving) - least;
        return serving > 0 ? Scale(active[0], Math.Max(0, active[0].Replicas - serving)) : new DeploymentDecision.Wait("new pods are not ready");
    }

    static DeploymentDecision KeepNumber(Deployment deployment, IReadOnlyList<ReplicaSet> sets)
    {
        int lack = deployment.Replicas - sets.Sum(static set => set.Replicas);
        ReplicaSet? largest = sets.OrderByDescending(static set => set.Replicas).ThenByDescending(static set => set.Revision).FirstOrDefault();
        // During a roll-out there are a few more; they are left as they are.
        bool isRollingOut = sets.Count(static set => set.Replicas > 0) > 1 && lack < 0 && -lack <= deployment.MaxSurge;
        return largest is null || lack == 0 || isRollingOut ? s_nothing : Scale(largest, Math.Max(0, largest.Replicas + lack));
    }

    // Sets without pods are kept for those who want to go back, but not for ever.
    static DeploymentDecision Forget(DeploymentView view, ReplicaSet current)
    {
        ReplicaSet[] empty = [.. view.Old.Where(static set => set is { Replicas: 0, Present: 0, Metadata.IsBeingDeleted: false })];
        bool isDone = current.Serving >= view.Deployment.Replicas;
        return isDone && empty.Length > view.Deployment.HistoryLimit ? new DeploymentDecision.DeleteSet(empty[0].Metadata.Name) : s_nothing;
    }

    static DeploymentDecision.Scale Scale(ReplicaSet set, int to) => new(set.Metadata.Name, set.Replicas, to);
}
