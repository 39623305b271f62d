using Strake.Build;
using Strake.Daemon.BuildKit;
using Strake.Daemon.BuildKit.Files;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Daemon.BuildKit.Solving;
using Strake.Images;

namespace Strake.Daemon.Building;

/// <summary>What a build for a client of BuildKit's protocol made, and what becomes of it.</summary>
/// <param name="order">The build.</param>
/// <param name="built">Its result; disposed with this.</param>
/// <param name="images">Where images are pushed from.</param>
sealed class SolveResult(SolveOrder order, BuildResult built, ImageStore images) : IBuildResult
{
    readonly ResultFiles files = new(built);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, byte[]> Answers { get; } = new Dictionary<string, byte[]>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> ExportAsync(IBuildSession session, ISolveProgress progress, CancellationToken cancellationToken)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (SolveOutput output in order.Outputs) await ExportAsync(output, session, progress, facts, cancellationToken);
        return facts;
    }

    /// <inheritdoc/>
    public Task<FileEntry> StatAsync(string path, CancellationToken cancellationToken) => files.StatAsync(path, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FileEntry>> ListAsync(string path, CancellationToken cancellationToken) => files.ListAsync(path, cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]> ReadAsync(string path, long offset, int length, CancellationToken cancellationToken) => files.ReadAsync(path, offset, length, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        files.Dispose();
        await built.DisposeAsync();
    }

    async Task ExportAsync(SolveOutput output, IBuildSession session, ISolveProgress progress, Dictionary<string, string> facts, CancellationToken cancellationToken)
    {
        string title = output.Kind switch
        {
            SolveOutputKind.Image => "exporting to image",
            SolveOutputKind.DockerArchive => "exporting to docker image format",
            SolveOutputKind.OciArchive => "exporting to oci image format",
            SolveOutputKind.Tar => "exporting to client tarball",
            _ => "exporting to client directory",
        };
        var step = ProgressStep.Of($"output {output.Index}", title);
        progress.Begin(step);
        try
        {
            switch (output.Kind)
            {
                case SolveOutputKind.Image:
                    await KeepAsync(output, session, progress, step, facts, cancellationToken);
                    break;
                case SolveOutputKind.Directory:
                    await SendFilesAsync(output, session, progress, step, cancellationToken);
                    break;
                default:
                    await SendArchiveAsync(output, session, progress, step, facts, cancellationToken);
                    break;
            }

            progress.Complete(step, isCached: false, error: null);
        }
        catch (Exception e)
        {
            progress.Complete(step, isCached: false, e.Message);
            progress.Blame(null, step);
            throw;
        }
    }

    async Task KeepAsync(
        SolveOutput output, IBuildSession session, ISolveProgress progress, ProgressStep step, Dictionary<string, string> facts, CancellationToken cancellationToken)
    {
        BuildOutcome outcome = await built.PublishAsync(output.Names, cancellationToken);
        Tell(progress, step, $"writing image {outcome.Image}");
        foreach (ImageReference name in outcome.Names) Tell(progress, step, $"naming to {name}");
        Describe(output, facts);
        if (!output.Push) return;
        foreach (ImageReference name in outcome.Names)
        {
            RegistryCredentials? credentials = await BuildOrders.FindCredentialsAsync(session, name.Domain, cancellationToken);
            await images.PushAsync(new PushRequest(name) { Credentials = credentials }, new PushProgress(progress, step), cancellationToken);
            Tell(progress, step, $"pushing {name}");
        }
    }

    async Task SendFilesAsync(SolveOutput output, IBuildSession session, ISolveProgress progress, ProgressStep step, CancellationToken cancellationToken)
    {
        const string Count = "copying files";
        FileTransferCount total = await session.SendFilesAsync(
            output.Index, await files.SourceAsync(cancellationToken), now => progress.Count(step, Count, now.Bytes, 0, isDone: false), cancellationToken);
        progress.Count(step, Count, total.Bytes, 0, isDone: true);
    }

    async Task SendArchiveAsync(
        SolveOutput output, IBuildSession session, ISolveProgress progress, ProgressStep step, Dictionary<string, string> facts, CancellationToken cancellationToken)
    {
        if (output.Kind is not SolveOutputKind.Tar) Describe(output, facts);
        await using OutputFile file = session.OpenOutput(output.Index, facts, cancellationToken);
        if (output.Kind is SolveOutputKind.Tar) await built.WriteTarAsync(file, cancellationToken);
        else await built.SaveAsync(output.Names, file, cancellationToken);
        await file.FinishAsync(cancellationToken);
        Tell(progress, step, "sending tarball");
    }

    void Describe(SolveOutput output, Dictionary<string, string> facts)
    {
        string id = built.Config.Id.ToString();
        facts["containerimage.digest"] = id;
        facts["containerimage.config.digest"] = id;
        if (output.Names.Count > 0) facts["image.name"] = string.Join(',', output.Names.Select(static name => ImageReference.Parse(name).OrLatest().ToString()));
    }

    static void Tell(ISolveProgress progress, ProgressStep step, string what) => progress.Count(step, what, 0, 0, isDone: true);

    sealed class PushProgress(ISolveProgress progress, ProgressStep step) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
            if (value is { Id: { Length: > 0 } layer, TotalBytes: { } total }) progress.Count(step, $"pushing layer {layer}", value.CurrentBytes, total, value.CurrentBytes == total);
        }
    }
}
