using Microsoft.Extensions.Logging;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>The clients that are connected. A solve names the session that it wants; either may come first.</summary>
/// <param name="time">The clock.</param>
/// <param name="log">Where it is told.</param>
sealed partial class BuildSessions(TimeProvider time, ILogger log) : IBuildSessions
{
    /// <summary>How long a client may take to open the session that its solve names.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    readonly Lock gate = new();
    readonly Dictionary<string, BuildSession> sessions = new(StringComparer.Ordinal);
    readonly Dictionary<string, TaskCompletionSource<BuildSession>> awaited = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (gate) return sessions.Count;
        }
    }

    /// <summary>Serves a session until its client has gone.</summary>
    /// <param name="offer">What the client says of it.</param>
    /// <param name="connection">The connection; stays the caller's.</param>
    /// <param name="gone">Ends when the client has gone, or the daemon goes down.</param>
    /// <exception cref="StrakeException">Conflict: there is one with that id.</exception>
    public async Task RunAsync(SessionOffer offer, Stream connection, CancellationToken gone)
    {
        await using var watched = new WatchedStream(connection);
        using var session = new BuildSession(offer, watched, time);
        Add(session);
        try
        {
            await session.GreetAsync(gone);
            LogOpened(offer.Id, offer.SharedKey);
            await watched.Ended.WaitAsync(gone);
        }
        catch (Exception e) when (e is GrpcException || (e is OperationCanceledException && gone.IsCancellationRequested))
        {
            // The client has gone: however it did, that is a session's end.
        }
        finally
        {
            Remove(session);
            LogClosed(offer.Id);
        }
    }

    /// <inheritdoc/>
    public async Task<IBuildSession> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (id.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 && colon < id.Length - 1) id = id[(colon + 1)..];
        Task<BuildSession> coming;
        lock (gate)
        {
            if (sessions.TryGetValue(id, out BuildSession? there)) return there;
            if (!awaited.TryGetValue(id, out TaskCompletionSource<BuildSession>? waiting))
                awaited.Add(id, waiting = new TaskCompletionSource<BuildSession>(TaskCreationOptions.RunContinuationsAsynchronously));
            coming = waiting.Task;
        }

        try
        {
            return await coming.WaitAsync(s_patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            Forget(id, coming);
            throw StrakeException.Unavailable($"no active session for {id}: the client has not opened it, or has closed it");
        }
    }

    void Add(BuildSession session)
    {
        TaskCompletionSource<BuildSession>? waiting;
        lock (gate)
        {
            if (!sessions.TryAdd(session.Id, session)) throw StrakeException.Conflict($"session {session.Id} already exists");
            awaited.Remove(session.Id, out waiting);
        }

        waiting?.TrySetResult(session);
    }

    void Remove(BuildSession session)
    {
        lock (gate)
        {
            if (sessions.TryGetValue(session.Id, out BuildSession? there) && ReferenceEquals(there, session)) sessions.Remove(session.Id);
        }
    }

    void Forget(string id, Task<BuildSession> coming)
    {
        lock (gate)
        {
            if (awaited.TryGetValue(id, out TaskCompletionSource<BuildSession>? waiting) && waiting.Task == coming) awaited.Remove(id);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Session {Id} of {SharedKey} opened")]
    partial void LogOpened(string id, string sharedKey);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Session {Id} closed")]
    partial void LogClosed(string id);
}
