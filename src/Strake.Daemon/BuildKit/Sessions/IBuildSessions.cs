namespace Strake.Daemon.BuildKit.Sessions;

/// <summary>The clients that are connected.</summary>
interface IBuildSessions
{
    /// <summary>A session; waits a little for it where it is not there yet.</summary>
    /// <param name="id">Its id; what stands before a colon only tells solves apart.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StrakeException">Unavailable: it has not come.</exception>
    Task<IBuildSession> GetAsync(string id, CancellationToken cancellationToken);
}
