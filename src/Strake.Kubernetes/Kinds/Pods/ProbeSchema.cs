using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>How a container is looked at, and what is done around its life.</summary>
static class ProbeSchema
{
    /// <summary>A command inside the container.</summary>
    public static Schema ExecAction { get; } = Record(
        Definitions.Core + "ExecAction", "A command inside the container.",
        Field("command", List(Text), "The program and its arguments; replaces the image's entry point."));

    /// <summary>Headers of the request.</summary>
    public static Schema HTTPHeader { get; } = Record(
        Definitions.Core + "HTTPHeader", "Headers of the request.",
        Field("name", Text, "The name.").Required(),
        Field("value", Text, "The value.").Required());

    /// <summary>An HTTP request.</summary>
    public static Schema HTTPGetAction { get; } = Record(
        Definitions.Core + "HTTPGetAction", "An HTTP request.",
        Field("path", Text, "The path.").Defaults("\"/\""),
        Field("port", IntOrText, "The port, by number or name.").Required(),
        Field("host", Text, "The host."),
        Field("scheme", OneOf("HTTP", "HTTPS"), "HTTP or HTTPS.").Defaults("\"HTTP\""),
        Field("httpHeaders", List(HTTPHeader), "Headers of the request."),
        Field("protocol", Text, "TCP, UDP or SCTP."));

    /// <summary>A connection.</summary>
    public static Schema TCPSocketAction { get; } = Record(
        Definitions.Core + "TCPSocketAction", "A connection.",
        Field("port", IntOrText, "The port, by number or name.").Required(),
        Field("host", Text, "The host."));

    /// <summary>A gRPC health check.</summary>
    public static Schema GRPCAction { get; } = Record(
        Definitions.Core + "GRPCAction", "A gRPC health check.",
        Field("port", Number32, "The port.").Required(),
        Field("service", Text, "The service that is asked for; empty: the server as a whole.").Defaults("\"\""));

    /// <summary>A look at a container that tells whether it is well.</summary>
    public static Schema Probe { get; } = Record(
        Definitions.Core + "Probe", "A look at a container that tells whether it is well.",
        Field("exec", ExecAction, "A command inside the container."),
        Field("httpGet", HTTPGetAction, "An HTTP request."),
        Field("tcpSocket", TCPSocketAction, "A connection."),
        Field("grpc", GRPCAction, "A gRPC health check."),
        Field("initialDelaySeconds", Number32, "Seconds from the start to the first probe."),
        Field("timeoutSeconds", Number32, "Seconds after which it has failed.").Defaults("1"),
        Field("periodSeconds", Number32, "Seconds between probes.").Defaults("10"),
        Field("successThreshold", Number32, "Successes in a row that count as one.").Defaults("1"),
        Field("failureThreshold", Number32, "Failures in a row that count as one.").Defaults("3"),
        Field("terminationGracePeriodSeconds", Number64, "Seconds from the request to end to the kill."));

    /// <summary>A pause.</summary>
    public static Schema SleepAction { get; } = Record(
        Definitions.Core + "SleepAction", "A pause.",
        Field("seconds", Number64, "Seconds.").Required());

    /// <summary>Done right after the start.</summary>
    public static Schema LifecycleHandler { get; } = Record(
        Definitions.Core + "LifecycleHandler", "Done right after the start.",
        Field("exec", ExecAction, "A command inside the container."),
        Field("httpGet", HTTPGetAction, "An HTTP request."),
        Field("tcpSocket", TCPSocketAction, "A connection."),
        Field("sleep", SleepAction, "A pause."));

    /// <summary>What is done after the start and before the end.</summary>
    public static Schema Lifecycle { get; } = Record(
        Definitions.Core + "Lifecycle", "What is done after the start and before the end.",
        Field("postStart", LifecycleHandler, "Done right after the start."),
        Field("preStop", LifecycleHandler, "Done before the end."),
        Field("stopSignal", Text, "The signal that ends it."));
}
