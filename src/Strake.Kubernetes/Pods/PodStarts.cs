using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions;
using Strake.Kubernetes.Decisions.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>Starts a pod's containers: the image is found or fetched, what it needs is put together, old runs are cleared away.</summary>
/// <param name="options">What the agent works with.</param>
/// <param name="wake">Has a pod looked at again.</param>
sealed class PodStarts(PodAgentOptions options, Action<string> wake)
{
    static readonly BackOff s_pulls = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
    static readonly TimeSpan s_configRetry = TimeSpan.FromSeconds(10);

    readonly ContainerLaunches launches = new(options.Store, options.Folders, options.Server);
    readonly LifecycleHook hooks = new(options);

    /// <summary>Starts what is ordered, one after the other.</summary>
    /// <returns>Whether there may be more to do at once; false: something is under way, or failed and waits.</returns>
    public async Task<bool> RunAsync(PodWork work, PodView view, PodDecision.Start start, CancellationToken cancellationToken)
    {
        foreach (ContainerOrder order in start.Orders)
        {
            if (await FindImageAsync(work, view.Pod!, order.Container, cancellationToken) is { } image) await StartAsync(work, view, order, image, cancellationToken);
        }

        return true;
    }

    // Null: it is not there; the wait says why, or that it is on its way.
    async Task<PodImage?> FindImageAsync(PodWork work, Pod pod, PodContainer container, CancellationToken cancellationToken)
    {
        PodImage? found;
        try
        {
            found = await options.Runtime.FindImageAsync(container.Image, cancellationToken);
        }
        catch (StrakeException e)
        {
            string message = $"Failed to apply default image tag \"{container.Image}\": couldn't parse image name \"{container.Image}\": {e.Message}";
            Wait(work, pod, container, "InvalidImageName", message, until: null, EventText.Warning("InspectFailed", message));
            return null;
        }

        bool isFresh = work.Fetched.TryRemove(container.Name, out _);
        if (found is not null && (container.PullPolicy is not "Always" || isFresh))
        {
            work.Waits.TryRemove(container.Name, out _);
            work.PullFailures.TryRemove(container.Name, out _);
            if (!isFresh) Tell(pod, EventText.Normal("Pulled", $"Container image \"{container.Image}\" already present on machine"));
            return found;
        }

        if (container.PullPolicy is "Never")
        {
            string message = $"Container image \"{container.Image}\" is not present with pull policy of Never";
            Wait(work, pod, container, "ErrImageNeverPull", message, options.Time.GetUtcNow() + s_configRetry, EventText.Warning("ErrImageNeverPull", message));
            return null;
        }

        // It may take long, and the pod's other containers need not wait for it.
        work.Waits[container.Name] = new ContainerWait("ContainerCreating", "", Until: null);
        Tell(pod, EventText.Normal("Pulling", $"Pulling image \"{container.Image}\""));
        _ = Task.Run(() => PullAsync(work, pod, container, found is not null, cancellationToken), CancellationToken.None);
        return null;
    }

    async Task PullAsync(PodWork work, Pod pod, PodContainer container, bool isThere, CancellationToken cancellationToken)
    {
        DateTimeOffset now = options.Time.GetUtcNow();
        try
        {
            await options.Runtime.PullImageAsync(container.Image, cancellationToken);
            Tell(pod, EventText.Normal("Pulled", $"Successfully pulled image \"{container.Image}\""));
            work.Fetched[container.Name] = true;
            work.Waits.TryRemove(container.Name, out _);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (isThere && e is StrakeException)
        {
            // A kubelet gives up here. An image that was loaded is as good where there is no registry to ask, and the event says which one is used.
            Tell(pod, EventText.Warning("Failed", $"Failed to pull image \"{container.Image}\": {e.Message}; the one on this machine is used"));
            work.Fetched[container.Name] = true;
            work.Waits.TryRemove(container.Name, out _);
        }
        catch (Exception e)
        {
            int failures = work.PullFailures[container.Name] = work.PullFailures.GetValueOrDefault(container.Name) + 1;
            string message = $"failed to pull image \"{container.Image}\": {e.Message}";
            Tell(pod, EventText.Warning("Failed", $"Failed to pull image \"{container.Image}\": {e.Message}"));
            Tell(pod, EventText.Warning("Failed", "Error: ErrImagePull"));
            Tell(pod, EventText.Normal("BackOff", $"Back-off pulling image \"{container.Image}\""));
            work.Waits[container.Name] = new ContainerWait(failures > 1 ? "ImagePullBackOff" : "ErrImagePull", message, now + s_pulls.After(failures));
        }

        wake(work.Uid);
    }

    async Task StartAsync(PodWork work, PodView view, ContainerOrder order, PodImage image, CancellationToken cancellationToken)
    {
        Pod pod = view.Pod!;
        string name = order.Container.Name;
        try
        {
            var place = new PodPlace(view.Sandbox!.Address, options.Node());
            ContainerLaunch launch = await launches.OfAsync(pod, order, view.Sandbox, image, work.Mounts!, place, cancellationToken);

            // The last run stays for its log; those before it go.
            foreach (ContainerRun old in view.Runs.Where(run => run.Container == name && run.Attempt < order.Attempt - 1))
                await options.Runtime.RemoveAsync(old.Id, cancellationToken);
            string id = await options.Runtime.StartAsync(launch, cancellationToken);
            work.Waits.TryRemove(name, out _);
            Tell(pod, EventText.Normal("Created", $"Created container: {name}"));
            Tell(pod, EventText.Normal("Started", $"Started container {name}"));
            await AfterStartAsync(pod, order.Container, id, view.Sandbox.Address, cancellationToken);
        }
        catch (ContainerFault fault)
        {
            Wait(work, pod, order.Container, fault.Reason, fault.Message, options.Time.GetUtcNow() + s_configRetry, EventText.Warning("Failed", $"Error: {fault.Message}"));
        }
        catch (StrakeException e)
        {
            // Made and not started: it is there, and shows why. Not even made: there is nothing to see but this.
            if ((await options.Runtime.FindAsync(work.Uid, cancellationToken)).Runs.Any(run => run.Container == name && run.Attempt == order.Attempt)) Tell(pod, EventText.Warning("Failed", $"Error: {e.Message}"));
            else Wait(work, pod, order.Container, "CreateContainerError", e.Message, options.Time.GetUtcNow() + s_configRetry, EventText.Warning("Failed", $"Error: {e.Message}"));
        }
    }

    // postStart: the container is killed when it fails, and its policy says what becomes of it.
    async Task AfterStartAsync(Pod pod, PodContainer container, string id, string address, CancellationToken cancellationToken)
    {
        if (await hooks.RunAsync(pod, container, "postStart", id, address, cancellationToken) is not { } failure) return;
        Tell(pod, EventText.Warning("FailedPostStartHook", $"PostStartHook failed: {failure}"));
        await options.Runtime.StopAsync(id, TimeSpan.Zero, cancellationToken);
    }

    void Wait(PodWork work, Pod pod, PodContainer container, string reason, string message, DateTimeOffset? until, EventText told)
    {
        work.Waits[container.Name] = new ContainerWait(reason, message, until);
        Tell(pod, told);
    }

    void Tell(Pod pod, EventText told) => options.Events.Record(ObjectId.Pod(pod.Key), pod.Uid, told);
}
