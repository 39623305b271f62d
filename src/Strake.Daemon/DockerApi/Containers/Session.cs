namespace Strake.Daemon.DockerApi;

/// <summary>Runs an attach or exec session to its end.</summary>
static class Session
{
    /// <summary>Runs a session; what it throws goes to the client in the way that is still open.</summary>
    /// <param name="client">The client.</param>
    /// <param name="session">The session.</param>
    public static async Task RunAsync(HijackedClient client, Func<Task> session)
    {
        try
        {
            await session();
        }
        catch (StrakeException e) when (client.IsTaken)
        {
            await client.ReportAsync(e);
        }
        catch (Exception e) when (client.IsTaken && e is IOException or OperationCanceledException)
        {
            // The client has gone, or the daemon goes down: the connection ends, and that says it.
        }
    }
}
