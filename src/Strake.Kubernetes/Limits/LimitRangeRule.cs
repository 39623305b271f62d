using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Decisions.Limits;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;
using StoredObject = Strake.Kubernetes.Objects.StoredObject;

namespace Strake.Kubernetes.Limits;

/// <summary>Keeps claims and containers within what the limit ranges of their namespace say, and completes containers that say nothing.</summary>
/// <param name="objects">Where the ranges are.</param>
public sealed class LimitRangeRule(ObjectStore objects) : IObjectAdmission
{
    /// <inheritdoc/>
    public async ValueTask AdmitAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken)
    {
        if (!Concerns(kind, document, old)) return;
        var metadata = new Objects.Metadata(document);
        LimitRange[] ranges = [.. (await objects.ListAsync(LimitRangeKind.Kind, metadata.Namespace, cancellationToken)).Items.Select(Read)];
        if (ranges.Length == 0) return;
        string? reason = kind == PodKind.Kind ? ReasonAgainstPod(ranges, document) : LimitRangeAdmission.ReasonAgainst(ranges, Claim.Read(document.ToElement()));
        if (reason is not null) throw StatusException.Forbidden(kind, metadata.Name, reason);
    }

    // What was within the ranges of its time stays: only what asks for something new is looked at.
    static bool Concerns(ResourceKind kind, JsonObject document, JsonObject? old) => kind == PodKind.Kind
        ? old is null && document["spec"] is JsonObject
        : kind == PersistentVolumeClaimKind.Kind && !JsonNode.DeepEquals(old.At("spec", "resources"), document.At("spec", "resources"));

    static string? ReasonAgainstPod(LimitRange[] ranges, JsonObject pod)
    {
        var spec = (JsonObject)pod["spec"]!;
        ContainerRange.Complete(ranges, spec);
        if (pod["status"] is JsonObject status) status["qosClass"] = PodQuality.Of(spec);
        return ContainerRange.ReasonAgainst(ranges, spec);
    }

    static LimitRange Read(StoredObject stored)
    {
        using JsonDocument document = stored.Parse();
        return LimitRange.Read(document.RootElement);
    }
}
