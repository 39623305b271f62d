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

    /// <summary>A prune has ended.</summary>
    public void PublishPrune(long reclaimedBytes) =>
        listener?.Invoke(new EngineEvent(
            "image", "prune", "",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["reclaimed"] = reclaimedBytes.ToString(CultureInfo.InvariantCulture) },
            clock.GetUtcNow()));
}
