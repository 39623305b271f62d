using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Pods;

/// <summary>What a decision on a pod looks at: all of one moment.</summary>
/// <param name="Pod">The pod as it is wanted; null when its object is gone.</param>
/// <param name="Now">The moment.</param>
public sealed record PodView(Pod? Pod, DateTimeOffset Now)
{
    /// <summary>Runs of its containers, those that have ended too.</summary>
    public IReadOnlyList<ContainerRun> Runs { get; init; } = [];

    /// <summary>Its sandboxes.</summary>
    public IReadOnlyList<SandboxRun> Sandboxes { get; init; } = [];

    /// <summary>Whether all its volumes are there.</summary>
    public bool HasVolumes { get; init; }

    /// <summary>Whether anything of its volumes may be there.</summary>
    public bool HoldsVolumes { get; init; }

    /// <summary>Containers that cannot be started now, by name.</summary>
    public IReadOnlyDictionary<string, ContainerWait> Waits { get; init; } = new Dictionary<string, ContainerWait>(StringComparer.Ordinal);

    /// <summary>What probes have found, by run.</summary>
    public IReadOnlyDictionary<string, ProbeState> Probes { get; init; } = new Dictionary<string, ProbeState>(StringComparer.Ordinal);

    /// <summary>Why the pod must end though nobody deleted it: a reason and a message, as of an eviction; null: it need not.</summary>
    public (string Reason, string Message)? Eviction { get; init; }

    /// <summary>The sandbox in which containers are started; null: there is none that runs.</summary>
    public SandboxRun? Sandbox => Sandboxes.Where(static sandbox => sandbox.IsRunning).MaxBy(static sandbox => sandbox.Attempt);

    /// <summary>The last run of a container; null: there was none.</summary>
    /// <param name="container">The container's name.</param>
    public ContainerRun? LastOf(string container) => Runs.Where(run => run.Container == container).MaxBy(static run => run.Attempt);

    /// <summary>The run before the last; null: there was none, or it was removed.</summary>
    /// <param name="container">The container's name.</param>
    public ContainerRun? PreviousOf(string container) => LastOf(container) is { } last
        ? Runs.Where(run => run.Container == container && run.Attempt < last.Attempt).MaxBy(static run => run.Attempt)
        : null;

    /// <summary>What probes have found of a run: nothing bad yet when none was asked.</summary>
    /// <param name="run">The run.</param>
    /// <param name="container">The container that it is of.</param>
    public ProbeState ProbesOf(ContainerRun run, PodContainer container) =>
        Probes.GetValueOrDefault(run.Id) ?? new ProbeState(!container.HasStartupProbe, !container.HasReadinessProbe && !container.HasStartupProbe);
}
