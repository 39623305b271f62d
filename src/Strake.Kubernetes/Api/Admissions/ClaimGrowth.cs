using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Expansion;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Api.Admissions;

/// <summary>Refuses a claim more than it has where its class does not let volumes grow. That it asks for less is the kind's own rule.</summary>
/// <remarks>Kubernetes' <c>plugin/pkg/admission/storage/persistentvolume/resize</c>.</remarks>
/// <param name="objects">Where the classes are.</param>
public sealed class ClaimGrowth(ObjectStore objects) : IObjectAdmission
{
    /// <inheritdoc/>
    public async ValueTask AdmitAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken)
    {
        if (old is null || kind != PersistentVolumeClaimKind.Kind) return;
        Claim before = Read(old), after = Read(document);
        if (after.Request <= before.Request) return;
        Objects.ObjectList classes = await objects.ListAsync(StorageClassKind.Kind, null, cancellationToken);
        var all = ClassSet.Of(classes.Items.Select(static item => StorageClass.Read(JsonElement.Parse(item.Json.Span))));
        if (ExpansionAdmission.ReasonAgainst(before, after, all) is { } why) throw StatusException.Forbidden(kind, after.Metadata.Name, why);
    }

    static Claim Read(JsonObject document) => Claim.Read(JsonSerializer.SerializeToElement(document, RecordJson.Default.JsonObject));
}
