using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Controllers.Snapshots;

/// <summary>How what was decided of a snapshot's content gets into its document: only what differs is touched.</summary>
static class ContentDocument
{
    const string ApiVersion = "snapshot.storage.k8s.io/v1";
    const long NanosecondsPerTick = 100;

    /// <summary>The document of a content that is made for a snapshot.</summary>
    /// <param name="content">The content.</param>
    /// <param name="className">The class that says how it is taken.</param>
    public static JsonObject New(SnapshotContent content, string className) => new()
    {
        ["apiVersion"] = ApiVersion,
        ["kind"] = "VolumeSnapshotContent",
        ["metadata"] = new JsonObject { ["name"] = content.Name }.WithTexts("finalizers", content.Metadata.Finalizers),
        ["spec"] = new JsonObject
        {
            ["deletionPolicy"] = content.DeletesStorage ? "Delete" : "Retain",
            ["driver"] = content.Driver,
            ["source"] = new JsonObject { ["volumeHandle"] = content.VolumeHandle },
            ["volumeSnapshotClassName"] = className,
            ["volumeSnapshotRef"] = new JsonObject
            {
                ["apiVersion"] = ApiVersion,
                ["kind"] = "VolumeSnapshot",
                ["namespace"] = content.Snapshot.Namespace,
                ["name"] = content.Snapshot.Name,
                ["uid"] = content.Snapshot.Uid,
            },
        },
    };

    /// <summary>The document as it shall be: whose it is, and what holds it.</summary>
    public static JsonObject With(JsonElement document, SnapshotContent before, SnapshotContent after)
    {
        JsonObject copy = JsonObject.Create(document)!;
        MetadataDocument.Apply(copy, before.Metadata, after.Metadata);
        if (before.Snapshot.Uid != after.Snapshot.Uid) copy.Child("spec").Child("volumeSnapshotRef")["uid"] = after.Snapshot.Uid;
        return copy;
    }

    /// <summary>The document of one that the driver has.</summary>
    public static JsonObject Taken(JsonElement document, TakenSnapshot taken)
    {
        JsonObject copy = JsonObject.Create(document)!;
        JsonObject status = copy.Child("status");
        status["snapshotHandle"] = taken.Handle;
        status["readyToUse"] = taken.IsReady;
        status["creationTime"] = (taken.CreatedAt - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
        if (taken.RestoreSize is { } size) status["restoreSize"] = size.ToInt64();
        status.Remove("error");
        return copy;
    }

    /// <summary>The document of one that the driver could not take, or not remove.</summary>
    public static JsonObject Failed(JsonElement document, SnapshotContent content, string message, DateTimeOffset now)
    {
        JsonObject copy = JsonObject.Create(document)!;
        JsonObject status = copy.Child("status");
        status["readyToUse"] = false;
        SnapshotDocument.SetError(status, content.Error, message, now);
        return copy;
    }

    /// <summary>When the driver took it; null when it has not said.</summary>
    public static DateTimeOffset? TakenAt(JsonElement document) =>
        document.At("status", "creationTime") is { ValueKind: JsonValueKind.Number } time && time.TryGetInt64(out long nanoseconds)
            ? DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick)
            : null;

    /// <summary>The document of one whose deletion begins.</summary>
    public static JsonObject Going(JsonElement document, DateTimeOffset now)
    {
        JsonObject copy = JsonObject.Create(document)!;
        JsonObject metadata = copy.Child("metadata");
        metadata["deletionTimestamp"] ??= Objects.ApiTime.Text(now);
        return copy;
    }
}
