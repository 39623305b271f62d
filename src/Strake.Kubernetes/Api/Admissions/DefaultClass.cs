using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;
using StoredObject = Strake.Kubernetes.Objects.StoredObject;

namespace Strake.Kubernetes.Api;

/// <summary>Gives new claims that name no class the default one. Claims that came before there was one get it from the controller that binds.</summary>
/// <remarks>Kubernetes' <c>DefaultStorageClass</c>.</remarks>
/// <param name="objects">Where the classes are.</param>
public sealed class DefaultClass(ObjectStore objects) : IObjectAdmission
{
    /// <inheritdoc/>
    public async ValueTask AdmitAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken)
    {
        if (kind != PersistentVolumeClaimKind.Kind || old is not null || HasClass(document) || document["spec"] is not JsonObject spec) return;
        IReadOnlyList<StoredObject> classes = (await objects.ListAsync(StorageClassKind.Kind, null, cancellationToken)).Items;
        if (ClassSet.Of(classes.Select(Read)).Default is { } found) spec["storageClassName"] = found.Name;
    }

    // The empty name is a choice too: no class.
    static bool HasClass(JsonObject document) =>
        document.TextAt("spec", "storageClassName") is not null || document.TextAt("metadata", "annotations", VolumeAnnotations.BetaStorageClass) is not null;

    static StorageClass Read(StoredObject stored)
    {
        using JsonDocument document = stored.Parse();
        return StorageClass.Read(document.RootElement);
    }
}
