using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>How a pod runs.</summary>
static class PodStatusSchema
{
    /// <summary>What is true of the object now, a type each.</summary>
    public static Schema PodCondition { get; } = Record(
        Definitions.Core + "PodCondition", "What is true of the object now, a type each.",
        Field("type", Text, "The type.").Required(),
        Field("observedGeneration", Number64, "The generation that the status is about."),
        Field("status", Text, "What is."),
        Field("lastProbeTime", Time, "When it was last looked at."),
        Field("lastTransitionTime", Time, "When the status changed."),
        Field("reason", Text, "In one word, for a machine."),
        Field("message", Text, "For a person."));

    /// <summary>The addresses of the pod's node.</summary>
    public static Schema HostIP { get; } = Record(
        Definitions.Core + "HostIP", "The addresses of the pod's node.",
        Field("ip", Text, "The address.").Required());

    /// <summary>The pod's addresses.</summary>
    public static Schema PodIP { get; } = Record(
        Definitions.Core + "PodIP", "The pod's addresses.",
        Field("ip", Text, "The address.").Required());

    /// <summary>It waits.</summary>
    public static Schema ContainerStateWaiting { get; } = Record(
        Definitions.Core + "ContainerStateWaiting", "It waits.",
        Field("reason", Text, "In one word, for a machine."),
        Field("message", Text, "For a person."));

    /// <summary>It runs.</summary>
    public static Schema ContainerStateRunning { get; } = Record(
        Definitions.Core + "ContainerStateRunning", "It runs.",
        Field("startedAt", Time, "When it started."));

    /// <summary>It has ended.</summary>
    public static Schema ContainerStateTerminated { get; } = Record(
        Definitions.Core + "ContainerStateTerminated", "It has ended.",
        Field("exitCode", Number32, "The exit code.").Required(),
        Field("signal", Number32, "The signal that ended it."),
        Field("reason", Text, "In one word, for a machine."),
        Field("message", Text, "For a person."),
        Field("startedAt", Time, "When it started."),
        Field("finishedAt", Time, "When it ended."),
        Field("containerID", Text, "The container, as the runtime names it."));

    /// <summary>What it is doing.</summary>
    public static Schema ContainerState { get; } = Record(
        Definitions.Core + "ContainerState", "What it is doing.",
        Field("waiting", ContainerStateWaiting, "It waits."),
        Field("running", ContainerStateRunning, "It runs."),
        Field("terminated", ContainerStateTerminated, "It has ended."));

    /// <summary>The image.</summary>
    public static Schema ImageVolumeStatus { get; } = Record(
        Definitions.Core + "ImageVolumeStatus", "The image.",
        Field("imageRef", Text, "The image, as the runtime names it."));

    /// <summary>How the volume is mounted.</summary>
    public static Schema VolumeStatus { get; } = Record(
        Definitions.Core + "VolumeStatus", "How the volume is mounted.",
        Field("image", ImageVolumeStatus, "The image."));

    /// <summary>Volumes mounted in the container.</summary>
    public static Schema VolumeMountStatus { get; } = Record(
        Definitions.Core + "VolumeMountStatus", "Volumes mounted in the container.",
        Field("name", Text, "The name.").Required(),
        Field("mountPath", Text, "Where the volume is mounted in the container; no colon.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("recursiveReadOnly", Text, "Whether mounts below are read-only, too."),
        Field("volumeStatus", VolumeStatus, "How the volume is mounted."));

    /// <summary>The Linux user.</summary>
    public static Schema LinuxContainerUser { get; } = Record(
        Definitions.Core + "LinuxContainerUser", "The Linux user.",
        Field("uid", Number64, "The id, unique over space and time.").Required(),
        Field("gid", Number64, "The group.").Required(),
        Field("supplementalGroups", List(Number64), "Further groups of the process."));

    /// <summary>The user.</summary>
    public static Schema ContainerUser { get; } = Record(
        Definitions.Core + "ContainerUser", "The user.",
        Field("linux", LinuxContainerUser, "The Linux user."));

    /// <summary>The state of each init container.</summary>
    public static Schema ContainerStatus { get; } = Record(
        Definitions.Core + "ContainerStatus", "The state of each init container.",
        Field("name", Text, "The name.").Required(),
        Field("state", ContainerState, "What it is doing."),
        Field("lastState", ContainerState, "How the last run ended."),
        Field("ready", Flag, "Whether it is ready.").Required(),
        Field("restartCount", Number32, "How often it was started anew.").Required(),
        Field("image", Text, "The image.").Required(),
        Field("imageID", Text, "The image, as the runtime names it.").Required(),
        Field("containerID", Text, "The container, as the runtime names it."),
        Field("started", Flag, "Whether it has started."),
        Field("allocatedResources", Map(Quantity), "What is set aside."),
        Field("resources", ContainerSchema.ResourceRequirements, "What is asked for, and the most that may be used."),
        Field("volumeMounts", Keyed(VolumeMountStatus, "mountPath"), "Volumes mounted in the container."),
        Field("user", ContainerUser, "The user."),
        Field("stopSignal", Text, "The signal that ends it."));

    /// <summary>How a pod runs.</summary>
    public static Schema PodStatus { get; } = Record(
        Definitions.Core + "PodStatus", "How a pod runs.",
        Field("observedGeneration", Number64, "The generation that the status is about."),
        Field("phase", Text, "Where it is in its life."),
        Field("conditions", Keyed(PodCondition, "type"), "What is true of the object now, a type each."),
        Field("message", Text, "For a person."),
        Field("reason", Text, "In one word, for a machine."),
        Field("nominatedNodeName", Text, "The node on which room is being made."),
        Field("hostIP", Text, "The address of the pod's node."),
        Field("hostIPs", List(HostIP), "The addresses of the pod's node.").MergesBy("ip"),
        Field("podIP", Text, "The pod's address."),
        Field("podIPs", Keyed(PodIP, "ip"), "The pod's addresses."),
        Field("startTime", Time, "When it was taken up."),
        Field("initContainerStatuses", List(ContainerStatus), "The state of each init container."),
        Field("containerStatuses", List(ContainerStatus), "The state of each container."),
        Field("qosClass", Text, "Guaranteed, Burstable or BestEffort."),
        Field("ephemeralContainerStatuses", List(ContainerStatus), "The state of each ephemeral container."),
        Field("allocatedResources", Map(Quantity), "What is set aside."),
        Field("resources", ContainerSchema.ResourceRequirements, "What is asked for, and the most that may be used."));
}
