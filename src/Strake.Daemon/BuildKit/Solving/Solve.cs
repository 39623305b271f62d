using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Daemon.BuildKit.Wire;

namespace Strake.Daemon.BuildKit.Solving;

/// <summary>A solve that a client has asked for, from its request to its end.</summary>
/// <remarks>
/// A client that is its own frontend, as buildx is, has two calls under way: Solve, which waits, and over the bridge those that build and
/// say what the result is (Return). A build begins when it is asked for over the bridge, and its outputs are made when the result is known.
/// </remarks>
sealed class Solve : IAsyncDisposable
{
    readonly Lock gate = new();
    readonly Dictionary<string, Task<IBuildResult>> builds = new(StringComparer.Ordinal);
    readonly TaskCompletionSource<ReturnRequest> returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource ended;
    readonly IBuildSessions sessions;
    readonly IBuildBackend backend;

    /// <summary>Begins a solve.</summary>
    /// <param name="request">What the client asks for.</param>
    /// <param name="session">The client.</param>
    /// <param name="sessions">All clients.</param>
    /// <param name="backend">Does the building.</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Solve(SolveRequest request, IBuildSession session, IBuildSessions sessions, IBuildBackend backend, SolveProgress progress, CancellationToken cancellationToken)
    {
        Request = request;
        Session = session;
        Progress = progress;
        this.sessions = sessions;
        this.backend = backend;
        ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, session.Closed);
    }

    /// <summary>What the client asks for.</summary>
    public SolveRequest Request { get; }

    /// <summary>The client.</summary>
    public IBuildSession Session { get; }

    /// <summary>How it goes.</summary>
    public SolveProgress Progress { get; }

    /// <summary>Ends when the solve does, or its client has gone.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>The frontend's options, of the last build that was asked for.</summary>
    public IReadOnlyDictionary<string, string> FrontendOptions { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Begins to build, without waiting for the end.</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="options">Its options.</param>
    /// <returns>A name for the result.</returns>
    /// <exception cref="StrakeException">Invalid: it is known already that this cannot be built.</exception>
    public string Begin(string frontend, IReadOnlyDictionary<string, string> options)
    {
        SolveOrder order = SolveOrderReader.Read(Request, frontend, options);
        foreach (string warning in order.Warnings) Progress.Warn(new ProgressWarning(warning));
        FrontendOptions = options;
        string id = Guid.NewGuid().ToString("N");
        Task<IBuildResult> build = Task.Run(() => backend.BuildAsync(order, Session, sessions, Progress, Ended), Ended);
        lock (gate) builds.Add(id, build);
        return id;
    }

    /// <summary>A result that was begun; waits until it is there.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="cancellationToken">Gives up waiting; the build goes on.</param>
    /// <exception cref="StrakeException">NotFound: none of that name was begun. Or what the build failed with.</exception>
    public async Task<IBuildResult> GetAsync(string id, CancellationToken cancellationToken)
    {
        Task<IBuildResult>? build;
        lock (gate)
            if (!builds.TryGetValue(id, out build)) throw StrakeException.NotFound($"no such ref: {id}");
        return await build.WaitAsync(cancellationToken);
    }

    /// <summary>The client says what the result is.</summary>
    /// <exception cref="StrakeException">Conflict: it has said so before.</exception>
    public void Return(ReturnRequest result)
    {
        if (!returned.TrySetResult(result)) throw StrakeException.Conflict($"the result of build {Request.Ref} was returned before");
    }

    /// <summary>Waits until the client has said what the result is.</summary>
    public Task<ReturnRequest> ReturnedAsync() => returned.Task.WaitAsync(Ended);

    /// <summary>Ends what is under way, and lets go of all results.</summary>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        Task<IBuildResult>[] begun;
        lock (gate) begun = [.. builds.Values];
        foreach (Task<IBuildResult> build in begun)
        {
            await ((Task)build).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (build.IsCompletedSuccessfully) await (await build).DisposeAsync();
        }

        ended.Dispose();
    }
}
