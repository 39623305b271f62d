using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Pods and templates of pods.</summary>
static class PodSchema
{
    /// <summary>Further lines of /etc/hosts.</summary>
    public static Schema HostAlias { get; } = Record(
        Definitions.Core + "HostAlias", "Further lines of /etc/hosts.",
        Field("ip", Text, "The address.").Required(),
        Field("hostnames", List(Text), "The names of the address."));

    /// <summary>The driver's options.</summary>
    public static Schema PodDNSConfigOption { get; } = Record(
        Definitions.Core + "PodDNSConfigOption", "The driver's options.",
        Field("name", Text, "The name."),
        Field("value", Text, "The value."));

    /// <summary>Settings of name resolution.</summary>
    public static Schema PodDNSConfig { get; } = Record(
        Definitions.Core + "PodDNSConfig", "Settings of name resolution.",
        Field("nameservers", List(Text), "The name servers' addresses."),
        Field("searches", List(Text), "Domains in which names are looked up."),
        Field("options", List(PodDNSConfigOption), "The driver's options."));

    /// <summary>Conditions that must be true, too, for the pod to be ready.</summary>
    public static Schema PodReadinessGate { get; } = Record(
        Definitions.Core + "PodReadinessGate", "Conditions that must be true, too, for the pod to be ready.",
        Field("conditionType", Text, "The type of the pod's condition that counts.").Required());

    /// <summary>The operating system.</summary>
    public static Schema PodOS { get; } = Record(
        Definitions.Core + "PodOS", "The operating system.",
        Field("name", Text, "The name.").Required());

    /// <summary>What must be lifted before a node is looked for.</summary>
    public static Schema PodSchedulingGate { get; } = Record(
        Definitions.Core + "PodSchedulingGate", "What must be lifted before a node is looked for.",
        Field("name", Text, "The name.").Required());

    /// <summary>How a pod is to run.</summary>
    public static Schema PodSpec { get; } = Record(
        Definitions.Core + "PodSpec", "How a pod is to run.",
        Field("volumes", Keyed(PodVolumeSchema.Volume, "name"), "What containers can mount.").RetainingKeys(),
        Field("initContainers", Keyed(ContainerSchema.Container, "name"), "Containers that run one after the other before the others."),
        Field(2, "containers", Keyed(ContainerSchema.Container, "name"), "The containers; at least one.").Required(),
        Field("ephemeralContainers", Keyed(ContainerSchema.EphemeralContainer, "name"), "Containers added to a running pod for looking around."),
        Field(3, "restartPolicy", OneOf("Always", "OnFailure", "Never"), "When containers are started anew: Always, OnFailure, Never.").Defaults("\"Always\""),
        Field("terminationGracePeriodSeconds", Number64, "Seconds from the request to end to the kill.").Defaults("30"),
        Field("activeDeadlineSeconds", Number64, "Seconds after its start at which the pod is ended."),
        Field("dnsPolicy", OneOf("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"), "Where names are resolved: ClusterFirst, ClusterFirstWithHostNet, Default, None.").Defaults("\"ClusterFirst\""),
        Field("nodeSelector", AtomicMap(Text), "Labels of the nodes on which the pod may run."),
        Field("serviceAccountName", Text, "The account as which the pod acts."),
        Field("serviceAccount", Text, "Not used any more: serviceAccountName."),
        Field("automountServiceAccountToken", Flag, "Whether the service account's token is mounted."),
        Field("nodeName", Text, "The node."),
        Field("hostNetwork", Flag, "Whether the pod shares the node's network."),
        Field("hostPID", Flag, "Whether the pod sees the node's processes."),
        Field("hostIPC", Flag, "Whether the pod shares the node's IPC."),
        Field("shareProcessNamespace", Flag, "Whether the containers see each other's processes."),
        Field("securityContext", SecuritySchema.PodSecurityContext, "Users, groups and rights.").Defaults("{}"),
        Field("imagePullSecrets", Keyed(ReferenceSchema.LocalObjectReference, "name"), "Secrets with credentials of registries."),
        Field("hostname", Text, "The pod's host name."),
        Field("subdomain", Text, "The pod's subdomain."),
        Field("affinity", AffinitySchema.Affinity, "Where the pod wants to run."),
        Field("schedulerName", Text, "Who finds a node.").Defaults("\"default-scheduler\""),
        Field("tolerations", List(AffinitySchema.Toleration), "Taints that the pod bears."),
        Field("hostAliases", Keyed(HostAlias, "ip"), "Further lines of /etc/hosts."),
        Field("priorityClassName", Text, "The name of its rank."),
        Field("priority", Number32, "The pod's rank."),
        Field("dnsConfig", PodDNSConfig, "Settings of name resolution."),
        Field("readinessGates", List(PodReadinessGate), "Conditions that must be true, too, for the pod to be ready."),
        Field("runtimeClassName", Text, "How the pod is run."),
        Field("enableServiceLinks", Flag, "Whether services become environment variables.").Defaults("true"),
        Field("preemptionPolicy", Text, "Whether others may be evicted for it."),
        Field("overhead", Map(Quantity), "What the pod's sandbox costs."),
        Field("topologySpreadConstraints", Keyed(AffinitySchema.TopologySpreadConstraint, "topologyKey", "whenUnsatisfiable"), "How pods spread over places."),
        Field("setHostnameAsFQDN", Flag, "Whether the host name is the full name."),
        Field("os", PodOS, "The operating system."),
        Field("hostUsers", Flag, "Whether the pod shares the node's user namespace."),
        Field("schedulingGates", Keyed(PodSchedulingGate, "name"), "What must be lifted before a node is looked for."),
        Field("resources", ContainerSchema.ResourceRequirements, "What is asked for, and the most that may be used."),
        Field("hostnameOverride", Text, "The pod's host name, whatever its other names are."));

    /// <summary>Containers that run together on one node and share network and volumes.</summary>
    public static Schema Pod { get; } = Record(
        Definitions.Core + "Pod", "Containers that run together on one node and share network and volumes.",
        [
            .. MetaSchema.Head,
            Field("metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field("spec", PodSpec, "What is wanted."),
            Field("status", PodStatusSchema.PodStatus, "What is."),
        ]);

    /// <summary>What is made.</summary>
    public static Schema PodTemplateSpec { get; } = Record(
        Definitions.Core + "PodTemplateSpec", "What is made.",
        Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
        Field(2, "spec", PodSpec, "What is wanted."));
}
