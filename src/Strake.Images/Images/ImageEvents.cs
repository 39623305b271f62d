using System.Globalization;

namespace Strake.Images;

/// <summary>Tells whoever listens what happened to images, in Docker's words.</summary>
sealed class ImageEvents(Action<EngineEvent>? listener, TimeProvider clock)
{
    /// <summary>Something happened to an image.</summary>
    /// <param name="action">Docker's name of it.</param>
    /// <param name="id">The image.</param>
    /// <param name="labels">Its labels, which become attributes.</param>
    /// <param name="name">The name concerned; null: the ID.</param>
    public void Publish(string action, ImageId id, IReadOnlyDictionary<string, string> labels, string? name = null) =>
        listener?.Invoke(new EngineEvent(
            "image", action, id.ToString(), new Dictionary<string, string>(labels, StringComparer.Ordinal) { ["name"] = name ?? id.ToString() },
            clock.GetUtcNow()));

    /// <summary>An image went to a registry or came from one: the name is the actor, as Docker has it.</summary>
    /// <param name="action">pull or push.</param>
    /// <param name="reference">The image's name there.</param>
    /// <param name="labels">Its labels, which become attributes.</param>
    public void PublishTransfer(string action, ImageReference reference, IReadOnlyDictionary<string, string> labels) =>
        listener?.Invoke(new EngineEvent(
            "image", action, reference.Familiar,
            new Dictionary<string, string>(labels, StringComparer.Ordinal) { ["name"] = reference.FamiliarName },
            clock.GetUtcNow()));

    /// <summary>A prune has ended.</summary>
    public void PublishPrune(long reclaimedBytes) =>
        listener?.Invoke(new EngineEvent(
            "image", "prune", "",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["reclaimed"] = reclaimedBytes.ToString(CultureInfo.InvariantCulture) },
            clock.GetUtcNow()));
}
