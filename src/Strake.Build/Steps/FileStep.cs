using Strake.Images;

namespace Strake.Build;

/// <summary>What the steps that may change files have in common: a result that is known is not made again.</summary>
abstract class FileStep(BuildRun run, StageScope scope, StageImage image, BuildStep step)
{
    /// <summary>Takes what came of a step: the image before it, the result, what history says, and the key.</summary>
    public delegate void Recorder(StageImage before, StepResult result, string createdBy, Digest key);

    protected BuildRun Run => run;

    protected StageScope Scope => scope;

    protected StageImage Image => image;

    protected BuildStep Step => step;

    /// <summary>The result of a step: as it is known, or made now, once for all builds that want it.</summary>
    /// <param name="key">What it depends on.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="keeps">Whether it may be known, and is kept.</param>
    /// <returns>The result, and whether it was known.</returns>
    protected async Task<(StepResult Result, bool IsCached)> SolveAsync(Digest key, Func<CancellationToken, Task<StepResult>> make, bool keeps = true)
    {
        if (!keeps || run.IsUncached(step))
        {
            var made = await make(run.Stop);
            if (keeps) await KeepAsync(key, made, run.Stop);
            return (made, false);
        }

        if (await FindAsync(key) is { } known) return (known, true);
        var (result, isShared) = await run.Services.Work.RunAsync(
            key,
            async stop =>
            {
                // Another build may have ended it while this one looked.
                if (await FindAsync(key) is { } meanwhile) return meanwhile;
                var made = await make(stop);
                await KeepAsync(key, made, stop);
                return made;
            },
            run.Stop);
        if (isShared && result.Chain is { } chain && await run.Ingest.HoldAsync(chain, run.Stop) is null)
            throw StrakeException.Conflict($"the result of \"{step.Name}\" was pruned while another build had it made; build again");
        return (result, isShared);
    }

    /// <summary>A layer of a tar that somebody writes, on top of the image.</summary>
    protected async Task<StepResult> AddAsync(Func<Stream, CancellationToken, Task> write, CancellationToken stop) =>
        ResultOf(await run.Services.Layers.AddAsync(image.Chain, write, run.Ingest, stop));

    /// <summary>The result that a layer is; null: nothing was changed.</summary>
    protected StepResult ResultOf(StoredLayer? layer) =>
        layer is null ? new StepResult(image.Chain, null, 0, run.Services.Time.GetUtcNow()) : new StepResult(layer.Chain, layer.DiffId, layer.SizeBytes, run.Services.Time.GetUtcNow());

    Task KeepAsync(Digest key, StepResult made, CancellationToken stop) => run.KeepAsync(key, image.Chain, made, step.Instruction ?? step.Name, stop);

    async ValueTask<StepResult?> FindAsync(Digest key) =>
        await run.Services.Cache.FindAsync(key, run.Ingest, run.Stop) ?? await run.Imported.FindAsync(key, run.Ingest, run.Stop);
}
