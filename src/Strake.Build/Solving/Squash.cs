using Strake.Images;
using Strake.Layers;

namespace Strake.Build;

/// <summary>
/// <c>--squash</c>: all layers above the base become one. The history keeps its steps, which have no layers any more, and gets one more, as Docker's
/// classic builder writes it: <c>merge &lt;image&gt; to &lt;base&gt;</c>, or without a base <c>create new from &lt;image&gt;</c>.
/// </summary>
static class Squash
{
    /// <summary>Squashes an image. What it makes is known when it is built again.</summary>
    /// <param name="run">The build.</param>
    /// <param name="image">The image.</param>
    /// <param name="id">The ID that it has as it is.</param>
    public static async Task<StageImage> ApplyAsync(BuildRun run, StageImage image, ImageId id)
    {
        var result = await SolveAsync(run, image);
        var (layers, steps) = (image.Base?.Layers ?? 0, image.Base?.Steps ?? 0);
        var comment = image.Base is { } below ? $"merge {id} to {below.Id}" : $"create new from {id}";
        var entry = new HistoryEntry { Created = Rfc3339.Format(run.Epoch ?? result.Created), Comment = comment, EmptyLayer = result.Layer is null };
        return (image with
        {
            Chain = result.Chain,
            Layers = result.Layer is { } layer ? [.. image.Layers.Take(layers), layer] : [.. image.Layers.Take(layers)],
            History = [.. image.History.Select((step, at) => at < steps ? step : step with { EmptyLayer = true })],
            // By these keys layers would be found that the image no longer has.
            StepKeys = [.. image.StepKeys.Select((key, at) => at < steps ? key : "")],
        }).Recorded(entry, key: null);
    }

    static async Task<StepResult> SolveAsync(BuildRun run, StageImage image)
    {
        var below = image.Base?.Chain;
        if (image.Chain == below) return new StepResult(below, null, 0, run.Services.Time.GetUtcNow());
        using var key = new StepKey("squash", below);
        var complete = key.Add(image.Chain?.ToString()).Add(run.Epoch?.ToString("O")).Complete();
        if (!run.Request.NoCache && await run.Services.Cache.FindAsync(complete, run.Ingest, run.Stop) is { } known) return known;
        var made = await MergeAsync(run, image.Chain!.Value, below);
        await run.KeepAsync(complete, below, made, "squash", run.Stop);
        return made;
    }

    static async Task<StepResult> MergeAsync(BuildRun run, ChainId chain, ChainId? below)
    {
        using var whole = await run.Scratch.MountAsync(chain, run.Stop);
        using var under = below is { } known ? await run.Scratch.MountAsync(known, run.Stop) : null;
        var layer = await run.Services.Layers.MergeAsync(whole, below, under, run.Ingest, run.Latest, run.Stop);
        var now = run.Services.Time.GetUtcNow();
        return layer is null ? new StepResult(below, null, 0, now) : new StepResult(layer.Chain, layer.DiffId, layer.SizeBytes, now);
    }
}
