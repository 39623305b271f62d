namespace Strake.Kubernetes.Decisions.Workloads;

/// <summary>What is to be done for a deployment: exactly one of these. When it is done, it is decided anew.</summary>
public abstract record DeploymentDecision
{
    private DeploymentDecision()
    {
    }

    /// <summary>It is as it should be.</summary>
    public sealed record Nothing : DeploymentDecision;

    /// <summary>A replica set of the template as it is is to be made.</summary>
    /// <param name="Replicas">How many pods it begins with.</param>
    /// <param name="Revision">Its number.</param>
    public sealed record CreateSet(int Replicas, long Revision) : DeploymentDecision;

    /// <summary>A replica set that there was before is the newest again.</summary>
    /// <param name="Name">Which.</param>
    /// <param name="Revision">Its number now.</param>
    public sealed record Renumber(string Name, long Revision) : DeploymentDecision;

    /// <summary>A replica set is to have another number of pods.</summary>
    /// <param name="Name">Which.</param>
    /// <param name="From">How many it shall have now.</param>
    /// <param name="To">How many then.</param>
    public sealed record Scale(string Name, int From, int To) : DeploymentDecision;

    /// <summary>A replica set of long ago is to be forgotten.</summary>
    /// <param name="Name">Which.</param>
    public sealed record DeleteSet(string Name) : DeploymentDecision;

    /// <summary>Something has to happen first.</summary>
    /// <param name="Reason">What.</param>
    public sealed record Wait(string Reason) : DeploymentDecision;
}
