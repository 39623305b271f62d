using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Nodes and leases.</summary>
static class NodeSchema
{
    /// <summary>What keeps pods away.</summary>
    public static Schema Taint { get; } = Record(
        Definitions.Core + "Taint", "What keeps pods away.",
        Field("key", Text, "The key.").Required(),
        Field("value", Text, "The value."),
        Field("effect", OneOf("NoSchedule", "PreferNoSchedule", "NoExecute"), "What the taint does to pods that do not bear it.").Required(),
        Field("timeAdded", Time, "When it was added."));

    /// <summary>A config map whose entries become files.</summary>
    public static Schema ConfigMapNodeConfigSource { get; } = Record(
        Definitions.Core + "ConfigMapNodeConfigSource", "A config map whose entries become files.",
        Field("namespace", Text, "The namespace.").Required(),
        Field("name", Text, "The name.").Required(),
        Field("uid", Text, "The id, unique over space and time."),
        Field("resourceVersion", Text, "The version of the object."),
        Field("kubeletConfigKey", Text, "The entry with the configuration.").Required());

    /// <summary>Where the configuration comes from.</summary>
    public static Schema NodeConfigSource { get; } = Record(
        Definitions.Core + "NodeConfigSource", "Where the configuration comes from.",
        Field("configMap", ConfigMapNodeConfigSource, "A config map whose entries become files."));

    /// <summary>What the pod may evict.</summary>
    public static Schema NodePodPreemptionPolicy { get; } = Record(
        Definitions.Core + "NodePodPreemptionPolicy", "What the pod may evict.",
        Field("disableResizePreemption", Set(Text), "Whether growing may not evict others."));

    /// <summary>What is set on a node.</summary>
    public static Schema NodeSpec { get; } = Record(
        Definitions.Core + "NodeSpec", "What is set on a node.",
        Field("podCIDR", Text, "The range of addresses of the node's pods."),
        Field("podCIDRs", Set(Text), "The ranges of addresses of the node's pods."),
        Field("providerID", Text, "The node, as its provider names it."),
        Field("unschedulable", Flag, "Whether no new pod may come."),
        Field("taints", List(Taint), "What keeps pods away."),
        Field("configSource", NodeConfigSource, "Where the configuration comes from."),
        Field("externalID", Text, "Not used any more."),
        Field("podPreemptionPolicy", NodePodPreemptionPolicy, "What the pod may evict."));

    /// <summary>What is true of the object now, a type each.</summary>
    public static Schema NodeCondition { get; } = Record(
        Definitions.Core + "NodeCondition", "What is true of the object now, a type each.",
        Field("type", Text, "The type.").Required(),
        Field("status", Text, "What is."),
        Field("lastHeartbeatTime", Time, "When it was last seen."),
        Field("lastTransitionTime", Time, "When the status changed."),
        Field("reason", Text, "In one word, for a machine."),
        Field("message", Text, "For a person."));

    /// <summary>The addresses at which the node is reached.</summary>
    public static Schema NodeAddress { get; } = Record(
        Definitions.Core + "NodeAddress", "The addresses at which the node is reached.",
        Field("type", Text, "The type.").Required(),
        Field("address", Text, "The address.").Required());

    /// <summary>The port of the node's agent.</summary>
    public static Schema DaemonEndpoint { get; } = Record(
        Definitions.Core + "DaemonEndpoint", "The port of the node's agent.",
        Field("Port", Number32, "The number of the port.").Required());

    /// <summary>The ports of the node's services.</summary>
    public static Schema NodeDaemonEndpoints { get; } = Record(
        Definitions.Core + "NodeDaemonEndpoints", "The ports of the node's services.",
        Field("kubeletEndpoint", DaemonEndpoint, "The port of the node's agent."));

    /// <summary>The swap space.</summary>
    public static Schema NodeSwapStatus { get; } = Record(
        Definitions.Core + "NodeSwapStatus", "The swap space.",
        Field("capacity", Number64, "How much there is."));

    /// <summary>What the node is made of.</summary>
    public static Schema NodeSystemInfo { get; } = Record(
        Definitions.Core + "NodeSystemInfo", "What the node is made of.",
        Field("machineID", Text, "The machine's id.").Required(),
        Field("systemUUID", Text, "The machine's id by its firmware.").Required(),
        Field("bootID", Text, "The id of this boot.").Required(),
        Field("kernelVersion", Text, "The kernel.").Required(),
        Field("osImage", Text, "The operating system's name.").Required(),
        Field("containerRuntimeVersion", Text, "The container runtime.").Required(),
        Field("kubeletVersion", Text, "The version of the node's agent.").Required(),
        Field("kubeProxyVersion", Text, "Not used any more.").Required(),
        Field("operatingSystem", Text, "The operating system.").Required(),
        Field("architecture", Text, "The processor architecture.").Required(),
        Field("swap", NodeSwapStatus, "The swap space."));

    /// <summary>The images on the node.</summary>
    public static Schema ContainerImage { get; } = Record(
        Definitions.Core + "ContainerImage", "The images on the node.",
        Field("names", List(Text), "The names."),
        Field("sizeBytes", Number64, "The size in bytes."));

    /// <summary>Volumes attached to the node.</summary>
    public static Schema AttachedVolume { get; } = Record(
        Definitions.Core + "AttachedVolume", "Volumes attached to the node.",
        Field("name", Text, "The name.").Required(),
        Field("devicePath", Text, "Where the device stands.").Required());

    /// <summary>The configuration.</summary>
    public static Schema NodeConfigStatus { get; } = Record(
        Definitions.Core + "NodeConfigStatus", "The configuration.",
        Field("assigned", NodeConfigSource, "The configuration that the node was told to use."),
        Field("active", NodeConfigSource, "Whether it is on."),
        Field("lastKnownGood", NodeConfigSource, "The last configuration that worked."),
        Field("error", Text, "What went wrong."));

    /// <summary>What the node's services can do.</summary>
    public static Schema NodeRuntimeHandlerFeatures { get; } = Record(
        Definitions.Core + "NodeRuntimeHandlerFeatures", "What the node's services can do.",
        Field("recursiveReadOnlyMounts", Flag, "Whether read-only can reach mounts below."),
        Field("userNamespaces", Flag, "Whether pods can have users of their own."));

    /// <summary>The ways in which pods can be run.</summary>
    public static Schema NodeRuntimeHandler { get; } = Record(
        Definitions.Core + "NodeRuntimeHandler", "The ways in which pods can be run.",
        Field("name", Text, "The name."),
        Field("features", NodeRuntimeHandlerFeatures, "What the node's services can do."));

    /// <summary>What the node's services can do.</summary>
    public static Schema NodeFeatures { get; } = Record(
        Definitions.Core + "NodeFeatures", "What the node's services can do.",
        Field("supplementalGroupsPolicy", Flag, "Whether groups of the image count."));

    /// <summary>What a node is.</summary>
    public static Schema NodeStatus { get; } = Record(
        Definitions.Core + "NodeStatus", "What a node is.",
        Field("capacity", Map(Quantity), "How much there is."),
        Field("allocatable", Map(Quantity), "What pods can have."),
        Field("phase", Text, "Where it is in its life."),
        Field("conditions", Keyed(NodeCondition, "type"), "What is true of the object now, a type each."),
        Field("addresses", Keyed(NodeAddress, "type"), "The addresses at which the node is reached."),
        Field("daemonEndpoints", NodeDaemonEndpoints, "The ports of the node's services."),
        Field("nodeInfo", NodeSystemInfo, "What the node is made of."),
        Field("images", List(ContainerImage), "The images on the node."),
        Field("volumesInUse", List(Text), "Attached volumes that are mounted."),
        Field("volumesAttached", List(AttachedVolume), "Volumes attached to the node."),
        Field("config", NodeConfigStatus, "The configuration."),
        Field("runtimeHandlers", List(NodeRuntimeHandler), "The ways in which pods can be run."),
        Field("features", NodeFeatures, "What the node's services can do."),
        Field("declaredFeatures", List(Text), "Features that the node has."));

    /// <summary>A machine that runs pods.</summary>
    public static Schema Node { get; } = Record(
        Definitions.Core + "Node", "A machine that runs pods.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", NodeSpec, "What is wanted."),
            Field("status", NodeStatus, "What is."),
        ]);

    /// <summary>What is wanted.</summary>
    public static Schema LeaseSpec { get; } = Record(
        Definitions.Coordination + "LeaseSpec", "What is wanted.",
        Field("holderIdentity", Text, "Who has the lease."),
        Field("leaseDurationSeconds", Number32, "Seconds after which others may take an unrenewed lease."),
        Field("acquireTime", MicroTime, "When the lease was taken."),
        Field("renewTime", MicroTime, "When the lease was last renewed."),
        Field("leaseTransitions", Number32, "How often the holder changed."),
        Field("strategy", Text, "How pods are replaced."),
        Field("preferredHolder", Text, "Who should have the lease."));

    /// <summary>A right that one holder has for a time.</summary>
    public static Schema Lease { get; } = Record(
        Definitions.Coordination + "Lease", "A right that one holder has for a time.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", LeaseSpec, "What is wanted."),
        ]);
}
