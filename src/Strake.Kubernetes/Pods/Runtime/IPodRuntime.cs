namespace Strake.Kubernetes.Pods;

/// <summary>
/// Who runs what pods are made of: a sandbox each, which holds the network and what else containers share, and runs of containers in it. What runs outlives the
/// daemon; the next finds it by its labels.
/// </summary>
/// <remarks>
/// Laws: calls are idempotent where they name a run that is gone or has ended already. <see cref="FindAsync"/> is from memory, and cheap.
/// Every change of a run is told by <see cref="WatchAsync"/>, perhaps more than once.
/// </remarks>
/// <example>
/// <code>
/// await runtime.MakeSandboxAsync(order, ct);
/// string id = await runtime.StartAsync(launch, ct);
/// await runtime.StopAsync(id, TimeSpan.FromSeconds(30), ct);
/// await runtime.RemoveAsync(id, ct);
/// </code>
/// </example>
public interface IPodRuntime
{
    /// <summary>What is there of a pod: its sandboxes, and the runs of its containers, those that have ended too until they are removed.</summary>
    /// <param name="podUid">The pod.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    ValueTask<PodParts> FindAsync(string podUid, CancellationToken cancellationToken);

    /// <summary>The uids of all pods of which something is there.</summary>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    ValueTask<IReadOnlySet<string>> PodsAsync(CancellationToken cancellationToken);

    /// <summary>The uids of pods of which something has changed, until it is cancelled. Changes before the call are not told.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    IAsyncEnumerable<string> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Makes and starts a pod's sandbox.</summary>
    /// <param name="order">What it is to be.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <exception cref="StrakeException">It cannot be made; nothing of it is left.</exception>
    Task MakeSandboxAsync(SandboxOrder order, CancellationToken cancellationToken);

    /// <summary>Looks for an image.</summary>
    /// <param name="image">Its name.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>What it says of itself; null when it is not on this machine.</returns>
    /// <exception cref="StrakeException">Invalid: that is no image's name.</exception>
    Task<PodImage?> FindImageAsync(string image, CancellationToken cancellationToken);

    /// <summary>Fetches an image from its registry.</summary>
    /// <param name="image">Its name.</param>
    /// <param name="cancellationToken">Cancels the transfer.</param>
    /// <exception cref="StrakeException">It cannot be had.</exception>
    Task PullImageAsync(string image, CancellationToken cancellationToken);

    /// <summary>Makes a container in a pod's sandbox and starts it.</summary>
    /// <param name="launch">What it is to be.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    /// <returns>The run's id.</returns>
    /// <exception cref="StrakeException">It could not be made, or not started; one that was made stays, and shows how it ended.</exception>
    Task<string> StartAsync(ContainerLaunch launch, CancellationToken cancellationToken);

    /// <summary>Asks a run or a sandbox to end, and kills it when it does not.</summary>
    /// <param name="id">Which.</param>
    /// <param name="grace">How long it has; zero: it is killed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task StopAsync(string id, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Removes a run or a sandbox, killing it first where it still runs.</summary>
    /// <param name="id">Which.</param>
    /// <param name="cancellationToken">Honoured before the first effect.</param>
    Task RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Runs a command in a running container and waits for its end.</summary>
    /// <param name="id">The run.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its exit code, and the beginning of what it wrote.</returns>
    /// <exception cref="StrakeException">It cannot be run.</exception>
    Task<CommandOutcome> ExecuteAsync(string id, IReadOnlyList<string> command, CancellationToken cancellationToken);
}
