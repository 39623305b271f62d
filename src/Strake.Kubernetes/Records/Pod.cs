using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A Pod, as who runs it reads it.</summary>
public sealed record Pod
{
    const int DefaultGraceSeconds = 30;

    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>The node that it was given; empty while it waits.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>Containers that run one after the other before the others.</summary>
    public ValueList<PodContainer> InitContainers { get; init; } = [];

    /// <summary>The containers.</summary>
    public ValueList<PodContainer> Containers { get; init; } = [];

    /// <summary>When containers are started anew.</summary>
    public PodRestart Restart { get; init; }

    /// <summary>Seconds from the request to end to the kill.</summary>
    public int GraceSeconds { get; init; } = DefaultGraceSeconds;

    /// <summary>Seconds after its start at which it is ended; null: never.</summary>
    public int? DeadlineSeconds { get; init; }

    /// <summary>How far it was.</summary>
    public PodPhase Phase { get; init; }

    /// <summary>Why it is as it is, in one word; usually empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When the node took it up; null: not yet.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>What its status says of its containers.</summary>
    public ValueList<KnownContainer> Known { get; init; } = [];

    /// <summary>Its specification.</summary>
    public JsonElement Spec { get; init; }

    /// <summary>Its status.</summary>
    public JsonElement Status { get; init; }

    /// <summary>Where it is found.</summary>
    public ObjectKey Key => Metadata.Key;

    /// <summary>Its identity.</summary>
    public string Uid => Metadata.Uid;

    /// <summary>Whether it has ended, and will not run again.</summary>
    public bool IsTerminated => Phase is PodPhase.Succeeded or PodPhase.Failed;

    /// <summary>How long its containers have to end, now that it was deleted or at any other time.</summary>
    public TimeSpan Grace => TimeSpan.FromSeconds(Metadata.IsBeingDeleted ? Metadata.DeletionGraceSeconds ?? GraceSeconds : GraceSeconds);

    /// <summary>All containers, in the order of their starts.</summary>
    public IEnumerable<PodContainer> All => InitContainers.Concat(Containers);

    /// <summary>What its status says of a container; null for nothing.</summary>
    /// <param name="container">Its name.</param>
    public KnownContainer? KnownOf(string container) => Known.FirstOrDefault(known => known.Name == container);

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static Pod Read(JsonElement document)
    {
        JsonElement spec = document.At("spec"), status = document.At("status");
        return new Pod
        {
            Metadata = Metadata.Read(document),
            NodeName = spec.Text("nodeName"),
            InitContainers = spec.List("initContainers", PodContainer.Read),
            Containers = spec.List("containers", static element => PodContainer.Read(element) with { IsSidecar = false }),
            Restart = spec.Word("restartPolicy", PodRestart.Always),
            GraceSeconds = Math.Max(0, spec.Number("terminationGracePeriodSeconds", DefaultGraceSeconds)),
            DeadlineSeconds = spec.Has("activeDeadlineSeconds") ? spec.Number("activeDeadlineSeconds") : null,
            Phase = status.Word("phase", PodPhase.Pending),
            Reason = status.Text("reason"),
            StartedAt = status.Time("startTime"),
            Known = [.. status.List("initContainerStatuses", KnownContainer.Read), .. status.List("containerStatuses", KnownContainer.Read)],
            Spec = spec,
            Status = status,
        };
    }
}
