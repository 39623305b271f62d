using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A container of a pod, as it is wanted.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Spec">Its document.</param>
public sealed record PodContainer(string Name, JsonElement Spec)
{
    /// <summary>Its image.</summary>
    public string Image { get; init; } = "";

    /// <summary>Whether the image is pulled: Always, IfNotPresent, Never.</summary>
    public string PullPolicy { get; init; } = "IfNotPresent";

    /// <summary>Whether it is started before the others and runs beside them: an init container with restartPolicy Always.</summary>
    public bool IsSidecar { get; init; }

    /// <summary>Whether readiness has to be asked for.</summary>
    public bool HasReadinessProbe => Spec.Has("readinessProbe");

    /// <summary>Whether other probes wait for one.</summary>
    public bool HasStartupProbe => Spec.Has("startupProbe");

    /// <summary>Whether its life is asked after.</summary>
    public bool HasLivenessProbe => Spec.Has("livenessProbe");

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">An item of spec.containers or spec.initContainers.</param>
    public static PodContainer Read(JsonElement element) => new(element.Text("name"), element)
    {
        Image = element.Text("image"),
        PullPolicy = element.TextOrNull("imagePullPolicy") ?? "IfNotPresent",
        IsSidecar = element.Text("restartPolicy") is "Always",
    };
}
