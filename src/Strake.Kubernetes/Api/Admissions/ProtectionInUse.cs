using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Api;

/// <summary>Holds new claims and volumes back from going while they are used, from their first moment on: whoever deletes one finds it held.</summary>
/// <remarks>Kubernetes' <c>StorageObjectInUseProtection</c>. Whether they are used, and when they are let go, the controller that binds decides.</remarks>
public sealed class ProtectionInUse : IObjectAdmission
{
    /// <inheritdoc/>
    public ValueTask AdmitAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken)
    {
        string? finalizer = kind == PersistentVolumeClaimKind.Kind ? VolumeFinalizers.ClaimProtection
            : kind == PersistentVolumeKind.Kind ? VolumeFinalizers.VolumeProtection : null;
        if (old is null && finalizer is not null) Add(new Objects.Metadata(document), finalizer);
        return ValueTask.CompletedTask;
    }

    static void Add(Objects.Metadata metadata, string finalizer)
    {
        if (metadata.Finalizers.Contains(finalizer)) return;
        if (metadata.Json["finalizers"] is not JsonArray list) metadata.Json["finalizers"] = list = [];
        list.Add((JsonNode?)JsonValue.Create(finalizer));
    }
}
