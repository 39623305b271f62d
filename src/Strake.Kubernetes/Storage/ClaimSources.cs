using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Decisions.Snapshots;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Storage;

/// <summary>What a claim's new volume begins as: looks up what the claim names, and has it decided.</summary>
/// <param name="objects">Where claims, volumes, snapshots and classes are.</param>
/// <param name="book">Which volumes of the engine they are.</param>
sealed class ClaimSources(IObjectStore objects, StorageBook book)
{
    /// <summary>The order for a plan.</summary>
    /// <param name="plan">For whom, of which class.</param>
    /// <param name="volume">The name that it has among the engine's volumes.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">What the claim names cannot be had; the message is for users.</exception>
    public async Task<StorageOrder> OrderAsync(ProvisionPlan plan, string volume, CancellationToken cancellationToken)
    {
        TextMap mutable = await AttributesAsync(plan, cancellationToken);
        ContentView view = await ViewAsync(plan, cancellationToken);
        var order = new StorageOrder(plan, volume) { MutableParameters = mutable };
        return ClaimContents.Decide(view) switch
        {
            ClaimContent.Empty => order,
            ClaimContent.Snapshot snapshot => order with { Snapshot = snapshot.Handle },
            ClaimContent.Volume original => order with { Original = await OriginalAsync(view.SourceVolume!, original.Handle, cancellationToken) },
            ClaimContent.Files files => order with { Files = files.Content },
            ClaimContent.Populate populate => throw StrakeException.NotSupported(
                $"nobody here fills volumes from a {populate.Source.Kind} of the group \"{populate.Source.ApiGroup}\"; VolumeSnapshot, PersistentVolumeClaim and strake.dev's VolumeSource can be sources"),
            ClaimContent.Refuse refuse => throw StrakeException.Conflict(refuse.Reason),
            var other => throw new InvalidOperationException($"no content of a claim: {other}"),
        };
    }

    async Task<TextMap> AttributesAsync(ProvisionPlan plan, CancellationToken cancellationToken)
    {
        string name = plan.Claim.AttributesClass;
        if (name.Length == 0) return TextMap.Empty;
        if (await objects.FindAsync(new ObjectId(ObjectId.AttributesClasses, new ObjectKey("", name)), cancellationToken) is not { } found)
            throw StrakeException.NotFound($"volumeattributesclass.storage.k8s.io \"{name}\" not found");
        string driver = found.Document.Text("driverName");
        return driver == plan.By.Name
            ? found.Document.Map("parameters")
            : throw StrakeException.Invalid($"VolumeAttributesClass {name} is for the driver {driver}, and the volume's is {plan.By.Name}");
    }

    async Task<ContentView> ViewAsync(ProvisionPlan plan, CancellationToken cancellationToken)
    {
        Claim claim = plan.Claim;
        var view = new ContentView(claim, plan.By.Name);
        if (claim.Source is not { } source) return view;
        var key = new ObjectKey(claim.Metadata.Namespace, source.Name);
        return source.Kind switch
        {
            "VolumeSnapshot" => await WithSnapshotAsync(view, key, cancellationToken),
            "PersistentVolumeClaim" => await WithClaimAsync(view, key, cancellationToken),
            ClaimContents.FilesKind when await objects.FindAsync(new ObjectId("volumesources", key), cancellationToken) is { } found => view with { Files = VolumeFiles.Read(found.Document) },
            _ => view,
        };
    }

    async Task<ContentView> WithSnapshotAsync(ContentView view, ObjectKey key, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(new ObjectId(ObjectId.Snapshots, key), cancellationToken) is not { } found) return view;
        var snapshot = VolumeSnapshot.Read(found.Document);
        StoredObject? content = snapshot.BoundContent.Length == 0
            ? null
            : await objects.FindAsync(new ObjectId(ObjectId.SnapshotContents, new ObjectKey("", snapshot.BoundContent)), cancellationToken);
        return view with { Snapshot = snapshot, Content = content is null ? null : SnapshotContent.Read(content.Document) };
    }

    async Task<ContentView> WithClaimAsync(ContentView view, ObjectKey key, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(ObjectId.Claim(key), cancellationToken) is not { } found) return view;
        var claim = Claim.Read(found.Document);
        StoredObject? volume = claim.VolumeName.Length == 0 ? null : await objects.FindAsync(ObjectId.Volume(claim.VolumeName), cancellationToken);
        return view with { SourceClaim = claim, SourceVolume = volume is null ? null : PersistentVolume.Read(volume.Document) };
    }

    async Task<string> OriginalAsync(PersistentVolume volume, string handle, CancellationToken cancellationToken) =>
        (await book.FindAsync(volume.Name, cancellationToken))?.Volume ?? handle;
}
