using Strake.Build;
using Strake.Daemon.BuildKit.Files;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Daemon.BuildKit.Solving;

namespace Strake.Daemon.Building;

/// <summary>
/// The files of a build: those that its client has, and those that are fetched from the network. They are asked for when they are needed, each
/// directory once, without what <c>.dockerignore</c> leaves out and what the Dockerfile does not name; of what the client has sent before only
/// that comes which has changed.
/// </summary>
/// <param name="builder">Keeps them.</param>
/// <param name="order">The build.</param>
/// <param name="arguments">Its arguments, for the proxies that they name.</param>
/// <param name="session">The client.</param>
/// <param name="sessions">All clients: a directory can be another session's.</param>
/// <param name="progress">Hears how it goes.</param>
sealed class SessionContexts(
    Builder builder, SolveOrder order, IReadOnlyDictionary<string, string?> arguments, IBuildSession session, IBuildSessions sessions, ISolveProgress progress) : IBuildContexts
{
    const string IgnoreFile = ".dockerignore";

    // Docker's default name has a second form.
    const string DefaultName = "Dockerfile";
    const string LowerName = "dockerfile";

    readonly SemaphoreSlim turn = new(1);
    readonly List<ContextFiles> received = [];
    readonly Dictionary<string, ContextFiles> named = new(StringComparer.Ordinal);
    (IReadOnlyList<string>? Paths, ContextFiles Files)? main;
    IReadOnlyList<string>? excludes;
    readonly List<IBuildContexts> fetched = [];
    IBuildContexts? whole;

    /// <summary>The Dockerfile's bytes, once it was read.</summary>
    public ReadOnlyMemory<byte> Dockerfile { get; private set; }

    /// <summary>The step in which the Dockerfile was read; null: it was not yet.</summary>
    public ProgressStep? Definition { get; private set; }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> ReadDockerfileAsync(string path, CancellationToken cancellationToken)
    {
        Dockerfile = IsWhole && !order.IsDockerfileLocal
            ? await (await OpenWholeAsync(cancellationToken)).ReadDockerfileAsync(path, cancellationToken)
            : await ReceiveDockerfileAsync(path, cancellationToken);
        return Dockerfile;
    }

    /// <inheritdoc/>
    public async Task<ContextFiles> OpenAsync(IReadOnlyList<string>? paths, CancellationToken cancellationToken)
    {
        if (IsWhole) return await (await OpenWholeAsync(cancellationToken)).OpenAsync(paths, cancellationToken);
        await turn.WaitAsync(cancellationToken);
        try
        {
            // Everything is enough for everybody.
            if (main is { } known && (known.Paths is null || paths is not null)) return known.Files;
            excludes ??= await ReceiveExcludesAsync(order.ContextDirectory, cancellationToken);
            ContextFiles files = await ReceiveAsync(
                new FileSync(order.ContextDirectory) { ExcludePatterns = excludes, FollowPaths = paths ?? [] }, "load build context", "transferring context:", cancellationToken);
            main = (paths, files);
            return files;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<ContextFiles?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!order.NamedContexts.TryGetValue(name, out NamedContext? context) || context.Kind is NamedContextKind.Image) return null;
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (named.TryGetValue(name, out ContextFiles? known)) return known;
            ContextFiles files = context.Kind is NamedContextKind.Local
                ? await ReceiveAsync(name, context.Value, cancellationToken)
                : await (await FetchAsync($"[context {name}] load remote build context", context.Value, cancellationToken)).OpenAsync(paths: null, cancellationToken);
            named.Add(name, files);
            return files;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ContextFiles files in received) files.Dispose();
        foreach (IBuildContexts one in fetched) await one.DisposeAsync();
        turn.Dispose();
    }

    async Task<byte[]> ReceiveDockerfileAsync(string path, CancellationToken cancellationToken)
    {
        string ignore = path + IgnoreFile;
        string[] paths = path is DefaultName ? [path, ignore, LowerName] : [path, ignore];
        ContextFiles files = await ReceiveAsync(
            new FileSync(order.DockerfileDirectory) { FollowPaths = paths }, $"load build definition from {path}", "transferring dockerfile:", cancellationToken);
        byte[]? bytes = await files.TryReadAsync(path, DockerfileLimits.FileBytes, cancellationToken);
        if (bytes is null && path is DefaultName) bytes = await files.TryReadAsync(LowerName, DockerfileLimits.FileBytes, cancellationToken);
        // It goes before the context's own.
        if (await files.TryReadAsync(ignore, DockerfileLimits.IgnoreFileBytes, cancellationToken) is { } rules) excludes = PatternsOf(rules);
        return bytes ?? throw StrakeException.NotFound($"failed to read dockerfile: open {path}: no such file or directory");
    }

    async Task<IReadOnlyList<string>> ReceiveExcludesAsync(string directory, CancellationToken cancellationToken)
    {
        ContextFiles files = await ReceiveAsync(new FileSync(directory) { FollowPaths = [IgnoreFile] }, $"load {IgnoreFile}", "transferring context:", cancellationToken);
        return await files.TryReadAsync(IgnoreFile, DockerfileLimits.IgnoreFileBytes, cancellationToken) is { } rules ? PatternsOf(rules) : [];
    }

    static IReadOnlyList<string> PatternsOf(byte[] rules) => [.. IgnoreRules.Parse(rules).Patterns];

    // A context that comes at once, and not file by file.
    bool IsWhole => order.ContextUpload is not null || order.ContextRemote is not null;

    async Task<IBuildContexts> OpenWholeAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return whole ??= order.ContextUpload is { } upload
                ? await LoadAsync("[internal] load remote build context", () => ReceiveUploadAsync(upload, cancellationToken))
                : await FetchAsync("[internal] load remote build context", order.ContextRemote!, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    async Task<IBuildContexts> ReceiveUploadAsync(Uri upload, CancellationToken cancellationToken)
    {
        await using Stream bytes = session.OpenUpload(upload, cancellationToken);
        return await builder.ReceiveUploadAsync(bytes, cancellationToken);
    }

    Task<IBuildContexts> FetchAsync(string title, string remote, CancellationToken cancellationToken) =>
        LoadAsync(title, () => builder.FetchAsync(remote, arguments, cancellationToken));

    async Task<IBuildContexts> LoadAsync(string title, Func<Task<IBuildContexts>> load)
    {
        ProgressStep step = Begin(title, title);
        try
        {
            IBuildContexts loaded = await load();
            fetched.Add(loaded);
            progress.Complete(step, isCached: false, error: null);
            return loaded;
        }
        catch (Exception e)
        {
            progress.Complete(step, isCached: false, e.Message);
            throw;
        }
    }

    ProgressStep Begin(string id, string name)
    {
        var step = ProgressStep.Of(id, name);
        progress.Begin(step);
        Definition ??= step;
        return step;
    }

    async Task<ContextFiles> ReceiveAsync(string name, string directory, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> own = await ReceiveExcludesAsync(directory, cancellationToken);
        return await ReceiveAsync(new FileSync(directory) { ExcludePatterns = own }, $"[context {name}] load from client", $"transferring {name}:", cancellationToken);
    }

    async Task<ContextFiles> ReceiveAsync(FileSync sync, string title, string count, CancellationToken cancellationToken)
    {
        string name = title[0] == '[' ? title : "[internal] " + title;
        ProgressStep step = Begin($"{name} {sync.Directory}", name);
        try
        {
            IBuildSession holder = order.DirectorySessions.TryGetValue(sync.Directory, out string? id) ? await sessions.GetAsync(id, cancellationToken) : session;
            using ContextDraft draft = builder.BeginContext(KeyOf(holder, sync));
            var target = new ContextTarget(draft);
            FileTransferCount total = await holder.ReceiveFilesAsync(sync, target, now => progress.Count(step, count, now.Bytes, 0, isDone: false), cancellationToken);
            progress.Count(step, count, total.Bytes, 0, isDone: true);
            progress.Complete(step, isCached: false, error: null);
            ContextFiles files = target.Files ?? throw StrakeException.Internal($"the client's directory {sync.Directory} has ended without an end");
            received.Add(files);
            return files;
        }
        catch (Exception e)
        {
            progress.Complete(step, isCached: false, e.Message);
            throw;
        }
    }

    // A handful of files is not worth remembering.
    static string KeyOf(IBuildSession holder, FileSync sync) => holder.SharedKey.Length == 0 || IsHandful(sync) ? "" : $"{holder.SharedKey} {sync.Directory}";

    static bool IsHandful(FileSync sync) => sync.FollowPaths.Any(static path => path.EndsWith(IgnoreFile, StringComparison.Ordinal));
}
