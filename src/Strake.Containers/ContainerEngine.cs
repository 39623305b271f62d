using Strake.Containers.Engine;
using Strake.Images;

namespace Strake.Containers;

/// <summary>
/// Makes, runs and removes containers. The processes are held by conmon and started by an OCI runtime, so that they
/// outlive the engine: one that is opened again on the same folders finds them and goes on.
/// </summary>
/// <remarks>
/// <para>A <c>reference</c> is a container's full id, its name with or without a leading slash, or a prefix of its id that
/// no other container's id has. An unknown one is a <see cref="StrakeException"/> of kind NotFound
/// (<c>No such container: x</c>), an ambiguous prefix one of kind Invalid.</para>
/// <para>All members are thread-safe. Operations on one container follow one another; on different containers they run at
/// once. Cancellation is honoured until an operation's first effect; then it finishes.</para>
/// </remarks>
public sealed class ContainerEngine : IAsyncDisposable
{
    readonly EngineParts parts;
    readonly ContainerTable table;

    internal ContainerEngine(EngineParts parts)
    {
        this.parts = parts;
        table = parts.Context.Table;
    }

    /// <summary>
    /// Opens the engine on its folders, made if missing, and brings the records in line with what really runs:
    /// interrupted operations are finished or undone, exit codes that arrived meanwhile are read.
    /// </summary>
    /// <param name="options">Folders, stores, runtime.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static Task<ContainerEngine> OpenAsync(ContainerEngineOptions options, CancellationToken cancellationToken) => EngineStart.OpenAsync(options, cancellationToken);

    /// <summary>The OCI runtime's name: <c>runc</c>.</summary>
    public string RuntimeName => parts.Context.Runtime.Name;

    /// <summary>The OCI runtime's path.</summary>
    public string RuntimePath => parts.Context.Runtime.Path;

    /// <summary>Makes a container: its record, its writable layer, its folder. Nothing runs yet.</summary>
    /// <param name="request">What it is to be.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">
    /// Invalid: the request contradicts itself. NotSupported: names an option that is not offered. NotFound: no such image.
    /// Conflict: the name is taken. Exhausted: no space.
    /// </exception>
    public Task<CreatedContainer> CreateAsync(ContainerRequest request, CancellationToken cancellationToken) => parts.Creation.CreateAsync(request, cancellationToken);

    /// <summary>Starts a container's process.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">NotModified: it runs already. Invalid: the command cannot be run. Conflict: it is paused or being removed.</exception>
    public Task StartAsync(string reference, CancellationToken cancellationToken) => parts.Control.StartAsync(table.Get(reference), cancellationToken);

    /// <summary>Asks a container's process to end, and kills it when it does not.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="signal">The signal that asks; null: the container's.</param>
    /// <param name="timeout">How long it has; null: the container's; infinite or below zero: for ever.</param>
    /// <param name="cancellationToken">Ends the wait without a kill.</param>
    /// <exception cref="StrakeException">NotModified: it does not run.</exception>
    public Task StopAsync(string reference, string? signal, TimeSpan? timeout, CancellationToken cancellationToken) => parts.Control.StopAsync(table.Get(reference), signal, timeout, cancellationToken);

    /// <summary>Sends a signal to a container's process.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="signal">Name or number; null: SIGKILL.</param>
    /// <param name="cancellationToken">Honoured before the signal.</param>
    /// <exception cref="StrakeException">Conflict: it does not run. Invalid: no such signal.</exception>
    public Task KillAsync(string reference, string? signal, CancellationToken cancellationToken) => parts.Control.KillAsync(table.Get(reference), signal, cancellationToken);

    /// <summary>Stops a container if it runs, and starts it.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="signal">As in <see cref="StopAsync"/>.</param>
    /// <param name="timeout">As in <see cref="StopAsync"/>.</param>
    /// <param name="cancellationToken">Honoured before the start.</param>
    public Task RestartAsync(string reference, string? signal, TimeSpan? timeout, CancellationToken cancellationToken) => parts.Control.RestartAsync(table.Get(reference), signal, timeout, cancellationToken);

    /// <summary>Freezes a container's processes.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">Conflict: it does not run, or is paused already.</exception>
    public Task PauseAsync(string reference, CancellationToken cancellationToken) => parts.Control.PauseAsync(table.Get(reference), cancellationToken);

    /// <summary>Lets a container's frozen processes go on.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">Conflict: it is not paused.</exception>
    public Task UnpauseAsync(string reference, CancellationToken cancellationToken) => parts.Control.UnpauseAsync(table.Get(reference), cancellationToken);

    /// <summary>Gives a container another name.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="name">The new name, with or without a leading slash.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">Conflict: the name is taken. Invalid: no name, or the one that it has.</exception>
    public Task RenameAsync(string reference, string name, CancellationToken cancellationToken) => parts.Control.RenameAsync(table.Get(reference), name, cancellationToken);

    /// <summary>Tells a container's terminal its size.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">Conflict: it does not run.</exception>
    public Task ResizeAsync(string reference, int height, int width, CancellationToken cancellationToken) => parts.Control.ResizeAsync(table.Get(reference), height, width, cancellationToken);

    /// <summary>Removes a container with its writable layer.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">Conflict: it runs and <see cref="RemoveOptions.Force"/> is not set, or it is being removed already.</exception>
    public Task RemoveAsync(string reference, RemoveOptions options, CancellationToken cancellationToken) => parts.Removal.RemoveAsync(table.Get(reference), options, cancellationToken);

    /// <summary>Removes all containers that do not run.</summary>
    /// <param name="filters">Docker's: <c>until</c>, <c>label</c>, <c>label!</c>.</param>
    /// <param name="cancellationToken">Honoured between two containers.</param>
    /// <exception cref="StrakeException">Invalid: an unknown filter.</exception>
    public Task<PruneReport> PruneAsync(
        IReadOnlyDictionary<string, IReadOnlyList<string>> filters, CancellationToken cancellationToken) => parts.Prune.RunAsync(filters, cancellationToken);

    /// <summary>
    /// Finds the container at once, and returns a task that completes when the condition holds and the attach sessions of
    /// that run have been flushed and closed.
    /// </summary>
    /// <param name="reference">The container.</param>
    /// <param name="condition">What to wait for.</param>
    /// <param name="cancellationToken">Ends the wait; the container is not touched.</param>
    /// <returns>The wait, already registered: a start that follows is not missed.</returns>
    public Task<ContainerExit> WaitAsync(string reference, WaitCondition condition, CancellationToken cancellationToken) => ContainerWaits.WaitAsync(table.Get(reference), condition, cancellationToken);

    /// <summary>Connects a client to a container's process; before the start too, so that no byte is missed.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="options">What the client wants.</param>
    /// <param name="client">The client.</param>
    /// <param name="ready">Called once, when the container was found and the session cannot be refused any more: a front end answers 101 here.</param>
    /// <param name="cancellationToken">Ends the session; the container goes on.</param>
    /// <returns>Completes when the session is over: the process has ended, the client is gone or has detached.</returns>
    /// <exception cref="StrakeException">Conflict: it is paused or restarting.</exception>
    public Task AttachAsync(
        string reference, AttachOptions options, IStreamClient client, Func<ValueTask>? ready, CancellationToken cancellationToken) => parts.Streams.AttachAsync(table.Get(reference), options, client, ready, cancellationToken);

    /// <summary>Sends a container's log to a client.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="options">Which part.</param>
    /// <param name="client">The client; its input is not read.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    /// <exception cref="StrakeException">Invalid: neither stream is wanted. NotSupported: its log driver keeps nothing.</exception>
    public Task LogsAsync(string reference, LogOptions options, IStreamClient client, CancellationToken cancellationToken) => parts.Streams.LogsAsync(table.Get(reference), options, client, cancellationToken);

    /// <summary>Notes a further process for a running container.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="request">The process.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <returns>The session's id; forgotten some minutes after the process has ended.</returns>
    /// <exception cref="StrakeException">Conflict: the container does not run or is paused. Invalid: no command.</exception>
    public Task<string> CreateExecAsync(string reference, ExecRequest request, CancellationToken cancellationToken) => Task.FromResult(parts.Execs.Create(table.Get(reference), request));

    /// <summary>Starts an exec's process.</summary>
    /// <param name="execId">From <see cref="CreateExecAsync"/>, whole.</param>
    /// <param name="start">How.</param>
    /// <param name="client">The client; null when detached.</param>
    /// <param name="ready">Called once, when the process has been started: a front end answers 101 here.</param>
    /// <param name="cancellationToken">Ends the client's session; the process goes on.</param>
    /// <returns>Completes when the session is over; when detached, once the process has been started.</returns>
    /// <exception cref="StrakeException">NotFound: no such session. Conflict: it has run, or its container does not. Invalid: the command cannot be run.</exception>
    public Task StartExecAsync(
        string execId, ExecStart start, IStreamClient? client, Func<ValueTask>? ready, CancellationToken cancellationToken) => parts.Execs.StartAsync(parts.Execs.Get(execId), start, client, ready, cancellationToken);

    /// <summary>An exec's state.</summary>
    /// <param name="execId">The session.</param>
    /// <exception cref="StrakeException">NotFound: no such session.</exception>
    public ExecSession GetExec(string execId) => parts.Execs.Get(execId).Session;

    /// <summary>Tells an exec's terminal its size.</summary>
    /// <param name="execId">The session.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    public Task ResizeExecAsync(string execId, int height, int width, CancellationToken cancellationToken) => parts.Execs.ResizeAsync(parts.Execs.Get(execId), height, width);

    /// <summary>The container; null when there is none.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public ValueTask<Container?> FindAsync(string reference, CancellationToken cancellationToken) => ValueTask.FromResult(table.Find(reference) is { } unit ? View(unit) : null);

    /// <summary>The container.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public ValueTask<Container> GetAsync(string reference, CancellationToken cancellationToken) => ValueTask.FromResult(View(table.Get(reference)));

    /// <summary>All containers, newest first; snapshots from memory, cheap.</summary>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public ValueTask<IReadOnlyList<Container>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<Container>>(
            [.. table.All.Where(IsVisible).Select(View).OrderByDescending(static container => container.Created)]);

    /// <summary>What differs between a container's file system and its image's, in the order of paths.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="cancellationToken">Honoured between two files.</param>
    public Task<IReadOnlyList<FileChange>> ChangesAsync(string reference, CancellationToken cancellationToken) => parts.Content.ChangesAsync(table.Get(reference), cancellationToken);

    /// <summary>Makes an image of a container's file system.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Honoured before the image is recorded.</param>
    public Task<ImageId> CommitAsync(string reference, CommitOptions options, CancellationToken cancellationToken) => parts.Content.CommitAsync(table.Get(reference), options, cancellationToken);

    /// <summary>Writes a container's whole file system as a tar.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    public Task ExportAsync(string reference, Stream target, CancellationToken cancellationToken) => parts.Content.ExportAsync(table.Get(reference), target, cancellationToken);

    /// <summary>What a container occupies. Costs a walk of its writable layer.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="cancellationToken">Cancels the walk.</param>
    public Task<ContainerSize> MeasureAsync(string reference, CancellationToken cancellationToken) => parts.Content.MeasureAsync(table.Get(reference), cancellationToken);

    /// <summary>Looks at one file of a container.</summary>
    /// <param name="reference">The container, running or not.</param>
    /// <param name="path">Path in the container; followed within it, never out of it.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <exception cref="StrakeException">NotFound: no such file.</exception>
    public Task<PathStat> StatArchiveAsync(string reference, string path, CancellationToken cancellationToken) => parts.Archives.StatAsync(table.Get(reference), reference, path, cancellationToken);

    /// <summary>Writes a file or a tree of a container as a tar.</summary>
    /// <param name="reference">The container, running or not.</param>
    /// <param name="path">Path in the container.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="ready">Called once, before the first byte, with what the path is.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">NotFound: no such file.</exception>
    public Task ReadArchiveAsync(
        string reference, string path, Stream target, Func<PathStat, ValueTask>? ready, CancellationToken cancellationToken) => parts.Archives.ReadAsync(table.Get(reference), reference, path, target, ready, cancellationToken);

    /// <summary>Extracts a tar into a directory of a container.</summary>
    /// <param name="reference">The container, running or not.</param>
    /// <param name="path">An existing directory in the container.</param>
    /// <param name="tar">The tar, in any compression; not closed.</param>
    /// <param name="noOverwriteDirNonDir">Whether a directory may not replace another kind of file, and the reverse.</param>
    /// <param name="copyUidGid">Whether files get the owners that the tar gives, not the container's user.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <exception cref="StrakeException">NotFound: no such directory. PermissionDenied: the path or the root is read-only.</exception>
    public Task WriteArchiveAsync(
        string reference, string path, Stream tar, bool noOverwriteDirNonDir, bool copyUidGid, CancellationToken cancellationToken) => parts.Archives.WriteAsync(table.Get(reference), reference, path, tar, noOverwriteDirNonDir, copyUidGid, cancellationToken);

    /// <summary>The containers that run on an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public ValueTask<IReadOnlyList<Container>> UsesOfImageAsync(ImageId image, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<Container>>(
            [.. table.All.Select(View).Where(container => container.ImageId == image)]);

    /// <summary>Compares records, folders, mounts and the runtime's state.</summary>
    /// <param name="cancellationToken">Honoured between two checks.</param>
    /// <returns>What does not fit; empty when all is well.</returns>
    public Task<IReadOnlyList<Finding>> CheckAsync(CancellationToken cancellationToken) => new ContainerCheck(parts.Context).RunAsync(cancellationToken);

    /// <summary>The processes of a running container.</summary>
    /// <param name="reference">The container.</param>
    /// <param name="psArgs">Arguments for ps(1); null: <c>-ef</c>.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <exception cref="StrakeException">Conflict: it does not run. Invalid: ps refuses the arguments.</exception>
    public Task<TopListing> TopAsync(string reference, string? psArgs, CancellationToken cancellationToken) => parts.Processes.ListAsync(table.Get(reference), psArgs, cancellationToken);

    /// <summary>Ends the engine's sessions and lets go of its folders; containers go on.</summary>
    public async ValueTask DisposeAsync()
    {
        EngineContext context = parts.Context;
        await context.Background.DisposeAsync();
        await context.Exits.DisposeAsync();
        await context.Logs.DisposeAsync();
        context.Mounts.Dispose();
    }

    // What is being made is shown when it is there.
    static bool IsVisible(ContainerUnit unit) => unit.Record.Phase != ContainerPhase.Creating && !unit.Container.IsStep;

    Container View(ContainerUnit unit) => unit.Container with { ExecIds = parts.Execs.Of(unit.Id) };
}
