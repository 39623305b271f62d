using Strake.Images;

namespace Strake.Build;

/// <summary>
/// The steps of images that count as known (<c>--cache-from</c>). An image that was built here says in its config by which key each step is
/// known, so that wherever it comes from, its steps are found again.
/// </summary>
sealed class ImportedSteps
{
    readonly Dictionary<string, StepResult> steps = new(StringComparer.Ordinal);

    /// <summary>Reads the histories of images; those that are not there are passed over.</summary>
    public static async Task<ImportedSteps> OfAsync(ImageStore images, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var all = new ImportedSteps();
        foreach (var name in names)
        {
            if (await images.FindAsync(name, cancellationToken) is { } image) all.Add(image.Config);
        }

        return all;
    }

    /// <summary>The result of a step; null: not known.</summary>
    /// <param name="key">The step's key.</param>
    /// <param name="ingest">Keeps the layers from now on.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async ValueTask<StepResult?> FindAsync(Digest key, ILayerIngest ingest, CancellationToken cancellationToken)
    {
        if (!steps.TryGetValue(key.Hex, out var result)) return null;
        return result.Chain is not { } chain || await ingest.HoldAsync(chain, cancellationToken) is not null ? result : null;
    }

    void Add(ImageConfig config)
    {
        var chains = ChainId.Of(config.DiffIds);
        var at = 0;
        foreach (var (entry, key) in (config.History ?? []).Zip(config.StepKeys ?? []))
        {
            if (!entry.EmptyLayer) at++;
            if (at > chains.Count) return;
            if (key.Length == 0) continue;
            ChainId? chain = at == 0 ? null : chains[at - 1];
            steps[key] = new StepResult(chain, entry.EmptyLayer ? null : config.DiffIds[at - 1], SizeBytes: 0, entry.CreatedAt ?? DateTimeOffset.UnixEpoch);
        }
    }
}
