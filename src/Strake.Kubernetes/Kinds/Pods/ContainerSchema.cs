using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Containers of a pod.</summary>
static class ContainerSchema
{
    /// <summary>protocol</summary>
    public static Schema ContainerPort { get; } = Record(
        Definitions.Core + "ContainerPort", "protocol",
        Field(1, "name", Text, "The name."),
        Field(2, "hostPort", Number32, "The port on the node.").OmittingZero(),
        Field(3, "containerPort", Number32, "The port inside the container.").Required(),
        Field(4, "protocol", OneOf("TCP", "UDP", "SCTP"), "TCP, UDP or SCTP.").Defaults("\"TCP\""),
        Field(5, "hostIP", Text, "The address of the pod's node."));

    /// <summary>A config map.</summary>
    public static Schema ConfigMapEnvSource { get; } = Record(
        Definitions.Core + "ConfigMapEnvSource", "A config map.",
        Field("name", Text, "The name."),
        Field("optional", Flag, "Whether it may be missing."));

    /// <summary>The secret.</summary>
    public static Schema SecretEnvSource { get; } = Record(
        Definitions.Core + "SecretEnvSource", "The secret.",
        Field("name", Text, "The name."),
        Field("optional", Flag, "Whether it may be missing."));

    /// <summary>Where further environment variables come from.</summary>
    public static Schema EnvFromSource { get; } = Record(
        Definitions.Core + "EnvFromSource", "Where further environment variables come from.",
        Field("prefix", Text, "What is put before each name."),
        Field("configMapRef", ConfigMapEnvSource, "A config map."),
        Field("secretRef", SecretEnvSource, "The secret."));

    /// <summary>Where the value comes from.</summary>
    public static Schema EnvVarSource { get; } = Record(
        Definitions.Core + "EnvVarSource", "Where the value comes from.",
        Field("fieldRef", ReferenceSchema.ObjectFieldSelector, "A field of the pod."),
        Field("resourceFieldRef", ReferenceSchema.ResourceFieldSelector, "A resource of a container."),
        Field("configMapKeyRef", ReferenceSchema.ConfigMapKeySelector, "An entry of a config map."),
        Field("secretKeyRef", ReferenceSchema.SecretKeySelector, "An entry of a secret."));

    /// <summary>Environment variables.</summary>
    public static Schema EnvVar { get; } = Record(
        Definitions.Core + "EnvVar", "Environment variables.",
        Field("name", Text, "The name.").Required(),
        Field("value", Text, "The value."),
        Field("valueFrom", EnvVarSource, "Where the value comes from."));

    /// <summary>The resource claims that the container uses.</summary>
    public static Schema ResourceClaim { get; } = Record(
        Definitions.Core + "ResourceClaim", "The resource claims that the container uses.",
        Field("name", Text, "The name.").Required(),
        Field("request", Text, "The part of the claim."));

    /// <summary>What is asked for, and the most that may be used.</summary>
    public static Schema ResourceRequirements { get; } = Record(
        Definitions.Core + "ResourceRequirements", "What is asked for, and the most that may be used.",
        Field("limits", Map(Quantity), "The most that may be used."),
        Field("requests", Map(Quantity), "The least that is set aside."),
        Field("claims", Keyed(ResourceClaim, "name"), "The resource claims that the container uses."));

    /// <summary>What a change of resources takes.</summary>
    public static Schema ContainerResizePolicy { get; } = Record(
        Definitions.Core + "ContainerResizePolicy", "What a change of resources takes.",
        Field("resourceName", Text, "The object's name.").Required(),
        Field("restartPolicy", Text, "When containers are started anew: Always, OnFailure, Never.").Required());

    /// <summary>Where a volume appears in a container.</summary>
    public static Schema VolumeMount { get; } = Record(
        Definitions.Core + "VolumeMount", "Where a volume appears in a container.",
        Field("name", Text, "The name.").Required(),
        Field("readOnly", Flag, "Whether it cannot be written."),
        Field("recursiveReadOnly", Text, "Whether mounts below are read-only, too."),
        Field("mountPath", Text, "Where the volume is mounted in the container; no colon.").Required(),
        Field("subPath", Text, "A path inside the volume."),
        Field("mountPropagation", OneOf("None", "HostToContainer", "Bidirectional"), "Whether mounts made later are seen: None, HostToContainer, Bidirectional."),
        Field("subPathExpr", Text, "A path inside the volume, with environment variables."),
        Field("bindMountOptions", Set(Text), "How the file system is bound into the container."));

    /// <summary>Where a device appears in a container.</summary>
    public static Schema VolumeDevice { get; } = Record(
        Definitions.Core + "VolumeDevice", "Where a device appears in a container.",
        Field("name", Text, "The name.").Required(),
        Field("devicePath", Text, "Where the device stands.").Required());

    /// <summary>A process with its image, run in a pod.</summary>
    public static Schema Container { get; } = Record(
        Definitions.Core + "Container", "A process with its image, run in a pod.",
        Field(1, "name", Text, "The name.").Required(),
        Field(2, "image", Text, "The image."),
        Field(3, "command", List(Text), "The program and its arguments; replaces the image's entry point."),
        Field(4, "args", List(Text), "Arguments of the command."),
        Field(5, "workingDir", Text, "The working directory."),
        Field(6, "ports", Keyed(ContainerPort, "containerPort", "protocol"), "The ports."),
        Field("envFrom", List(EnvFromSource), "Where further environment variables come from."),
        Field("env", Keyed(EnvVar, "name"), "Environment variables."),
        Field("resources", ResourceRequirements, "What is asked for, and the most that may be used."),
        Field("resizePolicy", List(ContainerResizePolicy), "What a change of resources takes."),
        Field("restartPolicy", Text, "When containers are started anew: Always, OnFailure, Never."),
        Field("volumeMounts", Keyed(VolumeMount, "mountPath"), "Volumes mounted in the container."),
        Field("volumeDevices", Keyed(VolumeDevice, "devicePath"), "Volumes given to the container as devices."),
        Field("livenessProbe", ProbeSchema.Probe, "When it fails the container is started anew."),
        Field("readinessProbe", ProbeSchema.Probe, "While it fails the pod gets no traffic."),
        Field("startupProbe", ProbeSchema.Probe, "Until it succeeds no other probe runs."),
        Field("lifecycle", ProbeSchema.Lifecycle, "What is done after the start and before the end."),
        Field("terminationMessagePath", Text, "The file of the last message.").Defaults("\"/dev/termination-log\""),
        Field("terminationMessagePolicy", OneOf("File", "FallbackToLogsOnError"), "Where the last message comes from: File, FallbackToLogsOnError.").Defaults("\"File\""),
        Field("imagePullPolicy", OneOf("Always", "Never", "IfNotPresent"), "Whether the image is pulled: Always, IfNotPresent, Never."),
        Field("securityContext", SecuritySchema.SecurityContext, "Users, groups and rights."),
        Field("stdin", Flag, "Whether standard input is open."),
        Field("stdinOnce", Flag, "Whether standard input ends with the first client."),
        Field("tty", Flag, "Whether there is a terminal."));

    /// <summary>Containers added to a running pod for looking around.</summary>
    public static Schema EphemeralContainer { get; } = Record(
        Definitions.Core + "EphemeralContainer", "Containers added to a running pod for looking around.",
        Field("name", Text, "The name.").Required(),
        Field("image", Text, "The image."),
        Field("command", List(Text), "The program and its arguments; replaces the image's entry point."),
        Field("args", List(Text), "Arguments of the command."),
        Field("workingDir", Text, "The working directory."),
        Field("ports", Keyed(ContainerPort, "containerPort", "protocol"), "The ports."),
        Field("envFrom", List(EnvFromSource), "Where further environment variables come from."),
        Field("env", Keyed(EnvVar, "name"), "Environment variables."),
        Field("resources", ResourceRequirements, "What is asked for, and the most that may be used."),
        Field("resizePolicy", List(ContainerResizePolicy), "What a change of resources takes."),
        Field("restartPolicy", Text, "When containers are started anew: Always, OnFailure, Never."),
        Field("volumeMounts", Keyed(VolumeMount, "mountPath"), "Volumes mounted in the container."),
        Field("volumeDevices", Keyed(VolumeDevice, "devicePath"), "Volumes given to the container as devices."),
        Field("livenessProbe", ProbeSchema.Probe, "When it fails the container is started anew."),
        Field("readinessProbe", ProbeSchema.Probe, "While it fails the pod gets no traffic."),
        Field("startupProbe", ProbeSchema.Probe, "Until it succeeds no other probe runs."),
        Field("lifecycle", ProbeSchema.Lifecycle, "What is done after the start and before the end."),
        Field("terminationMessagePath", Text, "The file of the last message.").Defaults("\"/dev/termination-log\""),
        Field("terminationMessagePolicy", OneOf("File", "FallbackToLogsOnError"), "Where the last message comes from: File, FallbackToLogsOnError.").Defaults("\"File\""),
        Field("imagePullPolicy", OneOf("Always", "Never", "IfNotPresent"), "Whether the image is pulled: Always, IfNotPresent, Never."),
        Field("securityContext", SecuritySchema.SecurityContext, "Users, groups and rights."),
        Field("stdin", Flag, "Whether standard input is open."),
        Field("stdinOnce", Flag, "Whether standard input ends with the first client."),
        Field("tty", Flag, "Whether there is a terminal."),
        Field("targetContainerName", Text, "The container that is looked at."));
}
