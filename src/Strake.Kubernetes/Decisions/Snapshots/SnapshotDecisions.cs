using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Snapshots;

/// <summary>What is to be done for a snapshot, so that it has a content of its own, and goes with it.</summary>
/// <remarks>The states and words are those of the external snapshotter's <c>snapshot-controller</c>.</remarks>
public static class SnapshotDecisions
{
    static readonly string[] s_finalizers = [VolumeFinalizers.SnapshotAsSource, VolumeFinalizers.BoundSnapshot];

    /// <summary>The name of the content that is made for a snapshot: the same for every attempt.</summary>
    /// <param name="snapshot">The snapshot.</param>
    public static string ContentNameOf(VolumeSnapshot snapshot) => $"snapcontent-{snapshot.Metadata.Uid}";

    /// <summary>The decision for a snapshot.</summary>
    /// <param name="view">What is seen.</param>
    public static SnapshotDecision Decide(SnapshotView view)
    {
        VolumeSnapshot snapshot = view.Snapshot;
        return snapshot switch
        {
            // Observed: on its way out.
            { Metadata.IsBeingDeleted: true } => DecideDeleted(view),

            // Observed: it may go at any time, and is to be held.
            _ when s_finalizers.Any(finalizer => !snapshot.Metadata.Finalizers.Contains(finalizer)) => Mark(snapshot, With(snapshot, s_finalizers)),

            // Observed: it has a content, or wants one that there is.
            { WantedContent.Length: > 0 } => DecideGiven(view),

            // Observed: its content was made, perhaps before a crash.
            _ when view.Content is { } content => content.IsFor(snapshot)
                ? Follow(snapshot, content)
                : Fail(snapshot, "SnapshotContentMisbound", $"VolumeSnapshotContent [{content.Name}] is bound to a different snapshot"),

            // Observed: it had a content.
            { BoundContent.Length: > 0 } => Fail(snapshot, "SnapshotContentMissing", "VolumeSnapshotContent is missing"),

            // Observed: new.
            _ => DecideNew(view),
        };
    }

    static SnapshotDecision DecideDeleted(SnapshotView view)
    {
        VolumeSnapshot snapshot = view.Snapshot;
        return view.Content switch
        {
            // Observed: a volume is being made of it.
            _ when view.IsBeingRestored => new SnapshotDecision.Wait("a volume is being made of it"),

            // Observed: its content is gone, or was never its own, or stays: the snapshot goes.
            null or { DeletesStorage: false } => Mark(snapshot, Without(snapshot, s_finalizers)),
            { } other when !other.IsFor(snapshot) => Mark(snapshot, Without(snapshot, s_finalizers)),

            // Observed: its content goes.
            { Metadata.IsBeingDeleted: true } => new SnapshotDecision.Wait("its content is being deleted"),

            // Observed: its content is to go.
            { } content => new SnapshotDecision.DeleteContent(content.Name),
        };
    }

    static SnapshotDecision DecideGiven(SnapshotView view) => view.Content switch
    {
        // Observed: the content that it wants is missing.
        null => Fail(view.Snapshot, "SnapshotContentMissing", "VolumeSnapshotContent is missing"),

        // Observed: the content that it wants is another's.
        { } content when !content.IsFor(view.Snapshot) =>
            Fail(view.Snapshot, "SnapshotContentMisbound", $"VolumeSnapshotContent [{content.Name}] is bound to a different snapshot"),

        // Observed: the content that it wants is for one of its name.
        { Snapshot.Uid.Length: 0 } content => new SnapshotDecision.BindContent(content with { Snapshot = content.Snapshot with { Uid = view.Snapshot.Metadata.Uid } }),

        // Observed: it has the content that it wants.
        { } content => Follow(view.Snapshot, content),
    };

    static SnapshotDecision DecideNew(SnapshotView view)
    {
        VolumeSnapshot snapshot = view.Snapshot;
        return view switch
        {
            { Claim: null } => FailToMake(snapshot, $"failed to get input parameters to create snapshot {snapshot.Metadata.Name}: \"persistentvolumeclaim \\\"{snapshot.ClaimName}\\\" not found\""),
            { Claim: { Phase: not ClaimPhase.Bound } claim } => FailToMake(snapshot, $"the PVC {claim.Metadata.Name} is not yet bound to a PV, will not attempt to take a snapshot"),
            { Volume: null } => FailToMake(snapshot, $"the volume of claim {view.Claim!.Key} is not of a CSI driver, and cannot be snapshotted"),
            _ => DecideClass(view, view.Volume!),
        };
    }

    static SnapshotDecision DecideClass(SnapshotView view, CsiSource volume)
    {
        VolumeSnapshot snapshot = view.Snapshot;
        SnapshotClass[] fitting = [.. view.Classes.Where(item => item.Driver == volume.Driver && item.IsDefault)];
        return (snapshot.ClassName, view.Classes.FirstOrDefault(item => item.Metadata.Name == snapshot.ClassName), fitting) switch
        {
            // Observed: names no class, and there is one default for the driver.
            (null, _, [var byDefault]) => Mark(snapshot, snapshot with { ClassName = byDefault.Metadata.Name }),

            // Observed: names no class, and there is none, or more than one.
            (null, _, []) => Fail(snapshot, "SetDefaultSnapshotClassFailed", "Failed to set default snapshot class with error cannot find default snapshot class"),
            (null, _, _) => Fail(snapshot, "SetDefaultSnapshotClassFailed",
                $"Failed to set default snapshot class with error {fitting.Length} default snapshot classes were found: [{string.Join(' ', fitting.Select(static item => item.Metadata.Name))}]"),

            // Observed: names a class that is missing, or another driver's.
            (var name, null, _) => Fail(snapshot, "GetSnapshotClassFailed", $"Failed to get snapshot class with error volumesnapshotclass.snapshot.storage.k8s.io \"{name}\" not found"),
            (_, { } its, _) when its.Driver != volume.Driver => FailToMake(snapshot, $"driver {volume.Driver} of the volume is not that of snapshot class {its.Metadata.Name} ({its.Driver})"),

            // Observed: all is known.
            (_, { } its, _) => new SnapshotDecision.MakeContent(
                ContentFor(snapshot, its, volume), its, EventText.Normal("CreatingSnapshot", $"Waiting for a snapshot {snapshot.Key} to be created by the CSI driver.")),
        };
    }

    // What the driver says of the content, users are to read at the snapshot.
    static SnapshotDecision Follow(VolumeSnapshot snapshot, SnapshotContent content)
    {
        VolumeSnapshot after = snapshot with { BoundContent = content.Name, IsReady = content.IsReady, RestoreSize = content.RestoreSize, Error = content.Error };
        return after switch
        {
            _ when after == snapshot => new SnapshotDecision.Nothing(),
            { Error.Length: > 0 } when after.Error != snapshot.Error => new SnapshotDecision.Mark(after, EventText.Warning("SnapshotCreationFailed", after.Error)),
            { IsReady: true } when !snapshot.IsReady => new SnapshotDecision.Mark(after, EventText.Normal("SnapshotReady", $"Snapshot {snapshot.Key} is ready to use.")),
            _ when content.Handle.Length > 0 && snapshot.BoundContent.Length == 0 =>
                new SnapshotDecision.Mark(after, EventText.Normal("SnapshotCreated", $"Snapshot {snapshot.Key} was successfully created by the CSI driver.")),
            _ => new SnapshotDecision.Mark(after),
        };
    }

    static SnapshotContent ContentFor(VolumeSnapshot snapshot, SnapshotClass its, CsiSource volume) => new()
    {
        Metadata = new Metadata { Name = ContentNameOf(snapshot), Finalizers = [VolumeFinalizers.BoundContent] },
        Driver = its.Driver,
        DeletesStorage = its.DeletesStorage,
        Snapshot = new ClaimReference(snapshot.Metadata.Namespace, snapshot.Metadata.Name, snapshot.Metadata.Uid),
        VolumeHandle = volume.Handle,
    };

    static SnapshotDecision FailToMake(VolumeSnapshot snapshot, string why) =>
        Fail(snapshot, "SnapshotContentCreationFailed", $"Failed to create snapshot content with error {why}");

    static SnapshotDecision Fail(VolumeSnapshot snapshot, string reason, string message) => snapshot.Error == message && !snapshot.IsReady
        ? new SnapshotDecision.Wait(message)
        : new SnapshotDecision.Mark(snapshot with { Error = message, IsReady = false }, EventText.Warning(reason, message));

    static SnapshotDecision Mark(VolumeSnapshot before, VolumeSnapshot after) => before == after ? new SnapshotDecision.Nothing() : new SnapshotDecision.Mark(after);

    static VolumeSnapshot With(VolumeSnapshot snapshot, IEnumerable<string> finalizers) =>
        snapshot with { Metadata = snapshot.Metadata with { Finalizers = [.. snapshot.Metadata.Finalizers.Union(finalizers)] } };

    static VolumeSnapshot Without(VolumeSnapshot snapshot, IEnumerable<string> finalizers) =>
        snapshot with { Metadata = snapshot.Metadata with { Finalizers = [.. snapshot.Metadata.Finalizers.Except(finalizers)] } };
}
