using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A Pod, as far as decisions read it: which claims it uses, what it needs, and where it is.</summary>
public sealed record PodUse
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>The node that it was given; empty while it waits.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>How far it is.</summary>
    public PodPhase Phase { get; init; }

    /// <summary>Whether all its containers are ready.</summary>
    public bool IsReady { get; init; }

    /// <summary>Its volumes that are claims.</summary>
    public ValueList<PodVolume> Volumes { get; init; } = [];

    /// <summary>Labels that its node must have.</summary>
    public TextMap NodeSelector { get; init; } = TextMap.Empty;

    /// <summary>The nodes that it may be on; null for all.</summary>
    public NodeSelector? NodeAffinity { get; init; }

    /// <summary>What it bears of a node.</summary>
    public ValueList<Toleration> Tolerations { get; init; } = [];

    /// <summary>What it needs beside volumes: that of its containers, or of the largest init container.</summary>
    public ComputeAmounts Requests { get; init; }

    /// <summary>Ports of the node that it takes, as <c>TCP/80</c>.</summary>
    public ValueList<string> HostPorts { get; init; } = [];

    /// <summary>Names of what must be done before it may be scheduled.</summary>
    public ValueList<string> SchedulingGates { get; init; } = [];

    /// <summary>Where it is found.</summary>
    public ObjectKey Key => Metadata.Key;

    /// <summary>Whether it has ended, and will not run again.</summary>
    public bool IsTerminated => Phase is PodPhase.Succeeded or PodPhase.Failed;

    /// <summary>Whether it was given a node.</summary>
    public bool IsScheduled => NodeName.Length > 0;

    /// <summary>Whether nothing of it is left but its object: it was deleted, and no time is left to it.</summary>
    public bool IsShutDown => Metadata.IsBeingDeleted && Metadata.DeletionGraceSeconds is 0;

    /// <summary>The volume that is a claim, or null.</summary>
    /// <param name="claim">The claim.</param>
    public PodVolume? VolumeOf(Claim claim) =>
        Metadata.Namespace == claim.Metadata.Namespace ? Volumes.FirstOrDefault(volume => volume.ClaimName == claim.Metadata.Name) : null;

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static PodUse Read(JsonElement document)
    {
        Metadata metadata = Metadata.Read(document);
        JsonElement spec = document.At("spec"), status = document.At("status");
        return new PodUse
        {
            Metadata = metadata,
            NodeName = spec.Text("nodeName"),
            Phase = status.Word("phase", PodPhase.Pending),
            IsReady = status.List("conditions", static condition => (Type: condition.Text("type"), Status: condition.Text("status"))).Contains(("Ready", "True")),
            Volumes = [.. spec.List("volumes", static volume => volume).SelectMany(volume => PodVolume.Read(metadata.Name, volume))],
            NodeSelector = spec.Map("nodeSelector"),
            NodeAffinity = Records.NodeSelector.Read(spec.At("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")),
            Tolerations = spec.List("tolerations", Toleration.Read),
            Requests = ReadRequests(spec),
            HostPorts = [.. spec.List("containers", static container => container).SelectMany(ReadHostPorts)],
            SchedulingGates = spec.List("schedulingGates", static gate => gate.Text("name")),
        };
    }

    static ComputeAmounts ReadRequests(JsonElement spec)
    {
        ComputeAmounts running = spec.List("containers", ReadContainer).Aggregate(default(ComputeAmounts), static (sum, next) => sum.Plus(next));
        return spec.List("initContainers", ReadContainer).Aggregate(running, static (most, next) => most.Or(next)).Plus(ComputeAmounts.Read(spec.At("overhead")));
    }

    static ComputeAmounts ReadContainer(JsonElement container) => ComputeAmounts.Read(container.At("resources", "requests"));

    static IEnumerable<string> ReadHostPorts(JsonElement container) => container
        .List("ports", static port => (Port: port.Number("hostPort"), Protocol: port.TextOrNull("protocol") ?? "TCP"))
        .Where(static port => port.Port > 0)
        .Select(static port => $"{port.Protocol}/{port.Port}");
}
