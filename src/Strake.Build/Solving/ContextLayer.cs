using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>Makes a layer of files that come with a build, so that they can be mounted; the same files make the same layer, once.</summary>
static class ContextLayer
{
    /// <summary>Makes it.</summary>
    /// <param name="run">The build, which keeps it.</param>
    /// <param name="tree">The files.</param>
    /// <param name="path">Which of them, without links.</param>
    /// <param name="target">Where they are in the layer: empty for a directory's content, else a file's name.</param>
    /// <param name="stop">Cancels it.</param>
    /// <returns>The layer; null: there is nothing.</returns>
    public static async Task<StoredLayer?> MakeAsync(BuildRun run, ISourceTree tree, string path, string target, CancellationToken stop)
    {
        var request = new CopyRequest { Sources = [path], Destination = target, IntoDirectory = false };
        var selection = CopySelection.Of(tree, request);
        var plan = CopyPlanner.Plan(selection, request, new EmptyTree(), owner: null, new TarTime(0));
        return await run.Services.Layers.AddAsync(null, (output, cancel) => CopyTar.WriteAsync(plan, output, cancel), run.Ingest, stop);
    }
}
