using Strake.Csi;

namespace Strake.Volumes;

/// <summary>Asks who is at a socket.</summary>
static class CsiIdentity
{
    static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    /// <summary>The name that the driver at a socket gives itself.</summary>
    /// <exception cref="CsiRefusalException">Nobody answers, or with what is no name.</exception>
    public static async Task<string> AskAsync(string socket, TimeProvider time, CancellationToken cancellationToken)
    {
        using var connection = new CsiConnection(socket, socket, time);
        GetPluginInfoResponse info = await connection.CallAsync(IdentityMethods.GetPluginInfo, new(), CsiPatience.Question, CsiSecrets.None, cancellationToken);
        return CsiDriverName.IsValid(info.Name) ? info.Name : throw connection.Lie("GetPluginInfo", $"\"{info.Name}\" is no name of a driver");
    }

    /// <summary>Waits before somebody is asked again: 0.1, 0.2, 0.4, … up to 5 seconds. Ends early, without a word, when cancelled.</summary>
    public static Task PauseAsync(int attempt, TimeProvider time, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(Math.Min(100L << Math.Min(attempt, 10), s_longestPause.TotalMilliseconds));
        return Task.Delay(pause, time, cancellationToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
