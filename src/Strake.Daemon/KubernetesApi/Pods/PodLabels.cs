using System.Globalization;
using Strake.Containers;
using Strake.Kubernetes.Pods;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>The labels by which what belongs to pods is found again; those that kubelets give, and two of our own.</summary>
static class PodLabels
{
    public const string PodName = "io.kubernetes.pod.name";
    public const string PodNamespace = "io.kubernetes.pod.namespace";
    public const string PodUid = "io.kubernetes.pod.uid";
    public const string Container = "io.kubernetes.container.name";
    public const string Sandbox = "io.kubernetes.sandbox.id";
    public const string Attempt = "io.strake.attempt";
    public const string Crashes = "io.strake.crashes";

    /// <summary>What a sandbox is called where containers have their names.</summary>
    public const string SandboxContainer = "POD";

    /// <summary>The labels of what belongs to a pod.</summary>
    public static Dictionary<string, string> Of(PodName pod, string container, int attempt) => new(StringComparer.Ordinal)
    {
        [PodName] = pod.Key.Name,
        [PodNamespace] = pod.Key.Namespace,
        [PodUid] = pod.Uid,
        [Container] = container,
        [Attempt] = attempt.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The name as kubelets give it to Docker.</summary>
    public static string NameOf(PodName pod, string container, int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"k8s_{container}_{pod.Key.Name}_{pod.Key.Namespace}_{pod.Uid}_{attempt}");

    /// <summary>A label of a container; empty for none.</summary>
    public static string Find(Container container, string label) => container.Config.Labels?.GetValueOrDefault(label) ?? "";

    /// <summary>A label that is a number; 0 for none.</summary>
    public static int Number(Container container, string label) => int.TryParse(Find(container, label), CultureInfo.InvariantCulture, out int number) ? number : 0;
}
