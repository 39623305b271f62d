using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Snapshots;

/// <summary>What a claim's new volume is filled with: restoring, cloning, populating.</summary>
/// <remarks>The words are those of the external provisioner.</remarks>
public static class ClaimContents
{
    /// <summary>The kind of what names files.</summary>
    internal const string FilesKind = "VolumeSource";

    const string FilesGroup = "strake.dev";
    const string SnapshotGroup = "snapshot.storage.k8s.io";

    /// <summary>The content of a claim's volume.</summary>
    /// <param name="view">What is seen.</param>
    public static ClaimContent Decide(ContentView view) => view.Claim.Source switch
    {
        null => new ClaimContent.Empty(),
        { Namespace.Length: > 0 } source when source.Namespace != view.Claim.Metadata.Namespace =>
            Refuse(view, $"accessing {source.Namespace}/{source.Name} of {source.Kind} dataSource from {view.Claim.Key} isn't allowed"),
        { Kind: "VolumeSnapshot", ApiGroup: SnapshotGroup } => Restore(view),
        { Kind: "PersistentVolumeClaim", ApiGroup: "" } => Clone(view),
        { Kind: FilesKind, ApiGroup: FilesGroup } => Fill(view),
        var source => new ClaimContent.Populate(source),
    };

    static ClaimContent Fill(ContentView view) => view switch
    {
        { Files: null } => RefuseSource(view, $"volumesources.{FilesGroup} \"{view.Claim.Source!.Name}\" not found"),
        { Claim.VolumeMode: VolumeMode.Block } => RefuseSource(view, "a device holds no files"),
        { Driver: not ProvisionerSet.OwnDriver } => RefuseSource(view, $"volumes of {view.Driver} are not filled from images; those of {ProvisionerSet.OwnDriver} are"),
        { Files: { } files } => new ClaimContent.Files(files),
    };

    static ClaimContent Restore(ContentView view)
    {
        string name = view.Claim.Source!.Name;
        return (view.Snapshot, view.Content) switch
        {
            (null, _) => RefuseSource(view, $"error getting snapshot {name} from api server: volumesnapshots.snapshot.storage.k8s.io \"{name}\" not found"),
            ({ Metadata.IsBeingDeleted: true }, _) => RefuseSource(view, $"snapshot {name} is currently being deleted"),
            ({ BoundContent.Length: 0 }, _) or (_, null) => RefuseSource(view, $"snapshot {name} not bound"),
            ({ IsReady: false }, _) => RefuseSource(view, $"snapshot {name} is not Ready"),
            ({ } snapshot, { } content) when !content.IsFor(snapshot) => RefuseSource(view, $"snapshot {name} not bound"),
            (_, { } content) when content.Driver != view.Driver =>
                RefuseSource(view, $"the snapshot's driver {content.Driver} does not match the storage class' provisioner {view.Driver}"),
            ({ RestoreSize: { } size }, _) when view.Claim.Request < size =>
                RefuseSource(view, $"requested volume size {view.Claim.Request.ToInt64()} is less than the size {size.ToInt64()} for the source snapshot {name}"),
            (_, { } content) => new ClaimContent.Snapshot(content.Handle),
        };
    }

    static ClaimContent Clone(ContentView view)
    {
        string name = view.Claim.Source!.Name;
        return (view.SourceClaim, view.SourceVolume) switch
        {
            (null, _) => RefuseSource(view, $"error getting PVC {name} (namespace \"{view.Claim.Metadata.Namespace}\") from api server: persistentvolumeclaim \"{name}\" not found"),
            ({ Phase: not ClaimPhase.Bound } claim, _) => RefuseSource(view, $"the PVC DataSource must be in \"Bound\" state, but it is \"{claim.Phase}\""),
            ({ Metadata.IsBeingDeleted: true }, _) => RefuseSource(view, $"the PVC DataSource {name} is currently being deleted"),
            (_, null) => RefuseSource(view, $"the PVC DataSource {name} has no volume"),
            (_, { Source: var source }) when source.Driver != view.Driver =>
                RefuseSource(view, $"the source volume's driver {(source.Driver.Length > 0 ? source.Driver : source.Type)} does not match the storage class' provisioner {view.Driver}"),
            ({ } claim, _) when claim.VolumeMode != view.Claim.VolumeMode => RefuseSource(view, "the source PVC and destination PVCs must have the same volume mode for cloning"),
            (_, { } volume) when view.Claim.Request < volume.Capacity => RefuseSource(
                view, $"new PVC request must be greater than or equal in size to the specified PVC data source, requested {view.Claim.Request} but source is {volume.Capacity}"),
            (_, { } volume) => new ClaimContent.Volume(volume.Source.Handle),
        };
    }

    static ClaimContent.Refuse RefuseSource(ContentView view, string why) =>
        Refuse(view, $"error getting handle for DataSource Type {view.Claim.Source!.Kind} by Name {view.Claim.Source.Name}: {why}");

    static ClaimContent.Refuse Refuse(ContentView view, string why) => new(why, ProvisioningEvents.Failed(view.Claim.EffectiveClass, why));
}
