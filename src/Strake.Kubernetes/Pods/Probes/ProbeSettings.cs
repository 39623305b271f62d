using System.Text.Json;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods.Probes;

/// <summary>How a container is asked how it is.</summary>
/// <param name="Spec">The probe's document.</param>
sealed record ProbeSettings(JsonElement Spec)
{
    /// <summary>The wait before the first question.</summary>
    public TimeSpan Delay => TimeSpan.FromSeconds(Spec.Number("initialDelaySeconds"));

    /// <summary>The wait between two questions.</summary>
    public TimeSpan Period => TimeSpan.FromSeconds(Math.Max(1, Spec.Number("periodSeconds", 10)));

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(Math.Max(1, Spec.Number("timeoutSeconds", 1)));

    /// <summary>How many failures in a row count.</summary>
    public int Failures => Math.Max(1, Spec.Number("failureThreshold", 3));

    /// <summary>How many successes in a row count after a failure.</summary>
    public int Successes => Math.Max(1, Spec.Number("successThreshold", 1));

    /// <summary>How long a container has for its end that has failed; null: as long as its pod gives.</summary>
    public TimeSpan? Grace => Spec.Has("terminationGracePeriodSeconds") ? TimeSpan.FromSeconds(Math.Max(1, Spec.Number("terminationGracePeriodSeconds"))) : null;

    /// <summary>A probe of a container; null: it has none.</summary>
    /// <param name="container">The container.</param>
    /// <param name="field"><c>livenessProbe</c> and its like.</param>
    public static ProbeSettings? Of(PodContainer container, string field) => container.Spec.Has(field) ? new ProbeSettings(container.Spec.At(field)) : null;
}
