using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>What claims say of themselves, word for word as Kubernetes has it.</summary>
static class ClaimEvents
{
    // As many as a reader takes in, and an event's message may have 1 KiB.
    const int MaxTold = 8;

    public static EventText LostReference { get; } =
        EventText.Warning("ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");

    public static EventText LostVolume { get; } =
        EventText.Warning("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");

    public static EventText Misbound { get; } =
        EventText.Warning("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");

    public static EventText NoVolume { get; } =
        EventText.Normal("FailedBinding", "no persistent volumes available for this claim and no storage class is set");

    public static EventText NoConsumer { get; } =
        EventText.Normal("WaitForFirstConsumer", "waiting for first consumer to be created before binding");

    public static EventText PodsNotScheduled(IReadOnlyList<string> pods) =>
        EventText.Normal("WaitForPodScheduled", pods is [var pod] ? $"waiting for pod {pod} to be scheduled" : $"waiting for pods {string.Join(',', pods)} to be scheduled");

    public static EventText Taken(string volume) =>
        EventText.Warning("FailedBinding", $"volume \"{volume}\" already bound to a different claim.");

    public static EventText Mismatch(string volume, string reason) =>
        EventText.Warning("VolumeMismatch", $"Cannot bind to requested volume \"{volume}\": {reason}");

    public static EventText ModeMismatch(string volume) => EventText.Warning(
        "VolumeMismatch", $"Cannot bind PersistentVolume \"{volume}\" to requested PersistentVolumeClaim due to incompatible volumeMode.");

    /// <summary>What Kubernetes does not say: every volume that came into question, with what speaks against it.</summary>
    public static EventText? Considered(Claim claim, VolumeIndex volumes)
    {
        string[] against =
        [
            .. volumes.Candidates(claim).Where(static candidate => candidate.ReasonAgainst is not null)
                .Select(static candidate => $"{candidate.Volume.Name}: {candidate.ReasonAgainst}").Take(MaxTold),
        ];
        if (against.Length == 0) return null;
        string more = volumes.Count > against.Length ? $"; and {volumes.Count - against.Length} more" : "";
        return EventText.Normal("VolumesConsidered", string.Join("; ", against) + more);
    }
}
