using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Controllers.Snapshots;

/// <summary>How what was decided of a snapshot gets into its document: only what differs is touched.</summary>
static class SnapshotDocument
{
    /// <summary>The document as it shall be.</summary>
    /// <param name="document">The document as it is.</param>
    /// <param name="before">The snapshot that it is.</param>
    /// <param name="after">The snapshot that it shall be.</param>
    /// <param name="taken">When the driver took it; null when that is not known.</param>
    /// <param name="now">When; for what goes wrong now.</param>
    public static JsonObject With(JsonElement document, VolumeSnapshot before, VolumeSnapshot after, DateTimeOffset? taken, DateTimeOffset now)
    {
        JsonObject copy = JsonObject.Create(document)!;
        MetadataDocument.Apply(copy, before.Metadata, after.Metadata);
        if (before.ClassName != after.ClassName) copy.Child("spec")["volumeSnapshotClassName"] = after.ClassName;
        if (before with { Metadata = after.Metadata, ClassName = after.ClassName } == after) return copy;
        JsonObject status = copy.Child("status");
        status.SetText("boundVolumeSnapshotContentName", before.BoundContent, after.BoundContent);
        status["readyToUse"] = after.IsReady;
        // The content says it as a number; users read it as sizes are written.
        if (after.RestoreSize is { } size) status["restoreSize"] = Quantity.Of(size.ToInt64()).ToString();
        if (taken is { } time) status["creationTime"] = Objects.ApiTime.Text(time);
        SetError(status, before.Error, after.Error, now);
        return copy;
    }

    /// <summary>What went wrong last, with its time; taken out when nothing did.</summary>
    public static void SetError(JsonObject status, string before, string after, DateTimeOffset now)
    {
        if (before == after) return;
        status.Remove("error");
        if (after.Length > 0) status["error"] = new JsonObject { ["message"] = after, ["time"] = Objects.ApiTime.Text(now) };
    }
}
