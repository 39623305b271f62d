using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Services.</summary>
static class ServiceSchema
{
    /// <summary>A port of a service.</summary>
    public static Schema ServicePort { get; } = Record(
        Definitions.Core + "ServicePort", "A port of a service.",
        Field(1, "name", Text, "The name; needed where there are several."),
        Field(2, "protocol", OneOf("TCP", "UDP", "SCTP"), "TCP, UDP or SCTP.").Defaults("\"TCP\""),
        Field(6, "appProtocol", Text, "What is spoken over it."),
        Field(3, "port", Number32, "The number.").Required(),
        Field(4, "targetPort", IntOrText, "The pods' port, by number or name; the same number where nothing is said."),
        Field(5, "nodePort", Number32, "The nodes' port. Kept; nothing listens there."));

    /// <summary>How long a client stays with a pod.</summary>
    public static Schema ClientIPConfig { get; } = Record(
        Definitions.Core + "ClientIPConfig", "How long a client stays with a pod.",
        Field(1, "timeoutSeconds", Number32, "Seconds."));

    /// <summary>How clients stay with a pod.</summary>
    public static Schema SessionAffinityConfig { get; } = Record(
        Definitions.Core + "SessionAffinityConfig", "How clients stay with a pod.",
        Field(1, "clientIP", ClientIPConfig, "By their address."));

    /// <summary>Which pods serve, and by what ports.</summary>
    public static Schema ServiceSpec { get; } = Record(
        Definitions.Core + "ServiceSpec", "Which pods serve, and by what ports.",
        Field(1, "ports", Keyed(ServicePort, "port", "protocol"), "The ports."),
        Field(2, "selector", AtomicMap(Text), "Labels of the pods that serve."),
        Field(3, "clusterIP", Text, "The address; None, for nothing is forwarded here. Another that is named is kept, and nobody answers there."),
        Field(18, "clusterIPs", List(Text), "The addresses."),
        Field(4, "type", OneOf("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"), "ClusterIP, NodePort, LoadBalancer or ExternalName.").Defaults("\"ClusterIP\""),
        Field(5, "externalIPs", List(Text), "Further addresses. Kept; nobody answers there."),
        Field(7, "sessionAffinity", OneOf("ClientIP", "None"), "Whether clients stay with a pod: ClientIP or None.").Defaults("\"None\""),
        Field(8, "loadBalancerIP", Text, "The address that a load balancer shall have."),
        Field(9, "loadBalancerSourceRanges", List(Text), "Who may come by the load balancer."),
        Field(10, "externalName", Text, "The name that the service stands for."),
        Field(11, "externalTrafficPolicy", OneOf("Cluster", "Local"), "Which pods serve what comes from outside."),
        Field(12, "healthCheckNodePort", Number32, "Where a load balancer asks nodes."),
        Field(13, "publishNotReadyAddresses", Flag, "Whether pods that are not ready count."),
        Field(14, "sessionAffinityConfig", SessionAffinityConfig, "How clients stay with a pod."),
        Field(19, "ipFamilies", List(Text), "IPv4, IPv6."),
        Field(17, "ipFamilyPolicy", Text, "How many of them."),
        Field(20, "allocateLoadBalancerNodePorts", Flag, "Whether a load balancer's ports are ports of nodes too."),
        Field(21, "loadBalancerClass", Text, "Whose load balancer it is."),
        Field(22, "internalTrafficPolicy", OneOf("Cluster", "Local"), "Which pods serve what comes from within."),
        Field(23, "trafficDistribution", Text, "Which pods are preferred."));

    /// <summary>A port of a load balancer.</summary>
    public static Schema PortStatus { get; } = Record(
        Definitions.Core + "PortStatus", "A port of a load balancer.",
        Field(1, "port", Number32, "The number.").Required(),
        Field(2, "protocol", Text, "TCP, UDP or SCTP.").Required(),
        Field(3, "error", Text, "What is wrong with it."));

    /// <summary>An address of a load balancer.</summary>
    public static Schema LoadBalancerIngress { get; } = Record(
        Definitions.Core + "LoadBalancerIngress", "An address of a load balancer.",
        Field(1, "ip", Text, "The address."),
        Field(2, "hostname", Text, "The name."),
        Field(3, "ipMode", Text, "How it is reached."),
        Field(4, "ports", List(PortStatus), "Its ports."));

    /// <summary>Where a load balancer is.</summary>
    public static Schema LoadBalancerStatus { get; } = Record(
        Definitions.Core + "LoadBalancerStatus", "Where a load balancer is.",
        Field(1, "ingress", List(LoadBalancerIngress), "Its addresses."));

    /// <summary>Where a service is.</summary>
    public static Schema ServiceStatus { get; } = Record(
        Definitions.Core + "ServiceStatus", "Where a service is.",
        Field(1, "loadBalancer", LoadBalancerStatus, "The load balancer."),
        Field(2, "conditions", Keyed(MetaSchema.Condition, "type"), "What is true of the object now, a type each."));

    /// <summary>Pods under one name. Kept for who reads it: nothing is forwarded, and no name is served.</summary>
    public static Schema Service { get; } = Record(
        Definitions.Core + "Service", "Pods under one name. Kept for who reads it: nothing is forwarded, and no name is served.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "spec", ServiceSpec, "What is wanted."),
            Field(3, "status", ServiceStatus, "What is."),
        ]);
}
