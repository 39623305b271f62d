using System.Text.Json;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>From a pod to the sandbox that it wants. Pure.</summary>
static class SandboxOrders
{
    /// <summary>The sandbox.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="attempt">The how manieth it is.</param>
    /// <param name="place">Where the pod is.</param>
    /// <param name="server">Where pods reach the API server.</param>
    public static SandboxOrder Of(Pod pod, int attempt, PodPlace place, ServerPlace server)
    {
        JsonElement dns = pod.Spec.At("dnsConfig");
        return new SandboxOrder(new PodName(pod.Uid, pod.Key), attempt)
        {
            Hostname = ContainerLaunches.HostnameOf(pod, place),
            Labels = pod.Metadata.Labels,
            HasHostNetwork = pod.Spec.Flag("hostNetwork"),
            HasHostIpc = pod.Spec.Flag("hostIPC"),
            SharesProcesses = pod.Spec.Flag("shareProcessNamespace"),
            Ports = pod.Spec.Flag("hostNetwork") ? [] : [.. pod.All.SelectMany(static container => container.Spec.List("ports", static port => port)).Where(static port => port.Number("hostPort") > 0).Select(PortOf)],
            Hosts =
            [
                .. pod.Spec.List("hostAliases", static alias => alias).SelectMany(static alias => alias.Texts("hostnames").Select(name => (name, alias.Text("ip")))),
                .. server.AddressFor(pod.Spec.Flag("hostNetwork")) is { } address ? (IEnumerable<(string, string)>)[(ServerPlace.Name, address)] : [],
            ],
            NameServers = dns.Texts("nameservers"),
            SearchDomains = dns.Texts("searches"),
            ResolverOptions = dns.List("options", static option => option.Has("value") ? $"{option.Text("name")}:{option.Text("value")}" : option.Text("name")),
            Sysctls = TextMap.Of(pod.Spec.At("securityContext").List("sysctls", static item => KeyValuePair.Create(item.Text("name"), item.Text("value")))),
        };
    }

    static PodPort PortOf(JsonElement port) =>
        new(port.Text("hostIP"), port.Number("hostPort"), port.Number("containerPort"), (port.TextOrNull("protocol") ?? "TCP").ToLowerInvariant());
}
