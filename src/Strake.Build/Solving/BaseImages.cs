using Strake.Images;

namespace Strake.Build;

/// <summary>Finds the images that builds begin with and copy from.</summary>
static class BaseImages
{
    /// <summary>An image by its name; fetched where it is not there, or the user wants the newest.</summary>
    /// <exception cref="StrakeException">NotFound, PermissionDenied, Unavailable: it cannot be had, in the registry's words.</exception>
    public static async Task<StageImage> FindAsync(BuildRun run, string name, Platform? platform)
    {
        var images = run.Services.Images;
        Verify(name);
        var wanted = platform ?? run.Plan.Platform;
        var image = run.Request.Pull ? null : await images.FindAsync(name, run.Stop);
        if (image is null || !wanted.Runs(image.Config.Platform)) image = await PullAsync(run, name, wanted);
        if (image.Chain is { } chain && await run.Ingest.HoldAsync(chain, run.Stop) is null)
            throw StrakeException.DataLoss($"image {name}: its layers are not all there; pull it again");
        return StageImage.Of(image);
    }

    // An ID names what is here; else it is a reference, and those have a form.
    static void Verify(string name)
    {
        if (name.StartsWith(Digest.Prefix, StringComparison.Ordinal)) return;
        try
        {
            ImageReference.Parse(name);
        }
        catch (StrakeException e)
        {
            throw StrakeException.Invalid($"failed to parse stage name \"{name}\": {e.Message}", e);
        }
    }

    static async Task<Image> PullAsync(BuildRun run, string name, Platform platform)
    {
        var reference = ImageReference.Parse(name);
        var step = new BuildStep { Name = $"[internal] load metadata for {reference.OrLatest()}" };
        run.Progress.Begin(step);
        try
        {
            var credentials = run.Request.FindCredentials is { } find ? await find(reference.Domain, run.Stop) : null;
            await run.Services.Images.PullAsync(new PullRequest(reference) { Platform = platform, Credentials = credentials }, new Ignored(), run.Stop);
            run.Progress.End(step, new BuildStepEnd());
            return await run.Services.Images.GetAsync(name, run.Stop);
        }
        catch (StrakeException e)
        {
            run.Progress.End(step, new BuildStepEnd { Error = e.Message });
            throw;
        }
    }

    sealed class Ignored : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
        }
    }
}
