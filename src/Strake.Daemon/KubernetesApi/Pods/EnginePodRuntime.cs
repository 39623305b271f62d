using System.Runtime.CompilerServices;
using Strake.Containers;
using Strake.Daemon.DockerApi;
using Strake.Images;
using Strake.Kubernetes.Pods;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>
/// Pods as containers of the engine, in which users of Docker see them: a sandbox is a container with a program that does nothing, and the pod's containers join
/// its network and what else they share. Everything is found again by labels.
/// </summary>
/// <param name="containers">The engine.</param>
/// <param name="images">The images.</param>
/// <param name="journal">What happens to containers.</param>
sealed class EnginePodRuntime(ContainerEngine containers, ImageStore images, EventJournal journal) : IPodRuntime
{
    /// <inheritdoc/>
    public async ValueTask<PodParts> FindAsync(string podUid, CancellationToken cancellationToken)
    {
        List<SandboxRun> sandboxes = [];
        List<ContainerRun> runs = [];
        foreach (Container container in await containers.ListAsync(cancellationToken))
        {
            if (PodLabels.Find(container, PodLabels.PodUid) != podUid) continue;
            if (PodLabels.Find(container, PodLabels.Container) == PodLabels.SandboxContainer) sandboxes.Add(SandboxOf(container));
            else runs.Add(RunOf(container));
        }

        return new PodParts(sandboxes, runs);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<string>> PodsAsync(CancellationToken cancellationToken) =>
        (await containers.ListAsync(cancellationToken)).Select(static container => PodLabels.Find(container, PodLabels.PodUid)).Where(static uid => uid.Length > 0)
            .ToHashSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using EventJournal.EventReader reader = journal.Follow(since: null, out _);
            await foreach (string uid in ReadAsync(reader, cancellationToken)) yield return uid;

            // It fell behind, and has missed some: all are looked at.
            foreach (string uid in await PodsAsync(cancellationToken)) yield return uid;
        }
    }

    /// <inheritdoc/>
    public async Task MakeSandboxAsync(SandboxOrder order, CancellationToken cancellationToken)
    {
        await PauseImage.EnsureAsync(images, cancellationToken);
        string id = await CreateAsync(PodContainerRequests.Of(order), cancellationToken);
        try
        {
            await containers.StartAsync(id, CancellationToken.None);
        }
        catch
        {
            await RemoveAsync(id, CancellationToken.None);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<PodImage?> FindImageAsync(string image, CancellationToken cancellationToken) =>
        await images.FindAsync(image, cancellationToken) is { } found ? new PodImage(found.Id.ToString(), found.Config.Defaults?.User ?? "") : null;

    /// <inheritdoc/>
    public Task PullImageAsync(string image, CancellationToken cancellationToken) =>
        images.PullAsync(new PullRequest(ImageReference.Parse(image).OrLatest()), new Progress<TransferProgress>(), cancellationToken);

    /// <inheritdoc/>
    public async Task<string> StartAsync(ContainerLaunch launch, CancellationToken cancellationToken)
    {
        string id = await CreateAsync(PodContainerRequests.Of(launch), cancellationToken);
        await containers.StartAsync(id, CancellationToken.None);
        return id;
    }

    /// <inheritdoc/>
    public async Task StopAsync(string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        try
        {
            if (grace > TimeSpan.Zero) await containers.StopAsync(id, signal: null, grace, cancellationToken);
            else await containers.KillAsync(id, signal: null, cancellationToken);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.NotModified or ErrorKind.Conflict)
        {
            // It has ended, or is gone.
        }
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await containers.RemoveAsync(id, new RemoveOptions(Force: true, Volumes: true), cancellationToken);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.NotFound)
        {
            // Somebody was faster.
        }
    }

    /// <inheritdoc/>
    public async Task<CommandOutcome> ExecuteAsync(string id, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        string exec = await containers.CreateExecAsync(id, new ExecRequest { Cmd = command, AttachStdout = true, AttachStderr = true }, cancellationToken);
        var output = new OutputCollector();
        await containers.StartExecAsync(exec, new ExecStart(), output, ready: null, cancellationToken);
        return new CommandOutcome(containers.GetExec(exec).ExitCode ?? -1, output.Text);
    }

    // A start that a kill cut short left one of the same name, which nobody has seen run.
    async Task<string> CreateAsync(ContainerRequest request, CancellationToken cancellationToken)
    {
        if (await containers.FindAsync(request.Name!, cancellationToken) is { State.IsRunning: false } left) await RemoveAsync(left.Id, cancellationToken);
        return (await containers.CreateAsync(request, cancellationToken)).Id;
    }

    static async IAsyncEnumerable<string> ReadAsync(EventJournal.EventReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<EngineEvent> events = reader.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(events))
        {
            if (events.Current is { Type: "container" } happened && happened.Attributes.TryGetValue(PodLabels.PodUid, out string? uid)) yield return uid;
        }
    }

    static async ValueTask<bool> NextAsync(IAsyncEnumerator<EngineEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Exhausted)
        {
            return false;
        }
    }

    static SandboxRun SandboxOf(Container container) => new(
        container.Id, PodLabels.Number(container, PodLabels.Attempt), container.State.IsRunning,
        container.State.IsRunning ? container.Network.Endpoints.Values.Select(static endpoint => endpoint.IPAddress).FirstOrDefault() ?? "" : "");

    static ContainerRun RunOf(Container container) => new(container.Id, PodLabels.Find(container, PodLabels.Container), PodLabels.Number(container, PodLabels.Attempt))
    {
        Sandbox = PodLabels.Find(container, PodLabels.Sandbox),
        Crashes = PodLabels.Number(container, PodLabels.Crashes),
        State = StateOf(container.State),
        ExitCode = container.State.ExitCode,
        IsOutOfMemory = container.State.OOMKilled,
        Error = container.State.Error,
        CreatedAt = container.Created,
        StartedAt = container.State.StartedAt,
        FinishedAt = container.State.FinishedAt,
        Image = container.ImageReference,
        ImageId = container.ImageId.ToString(),
    };

    static RunState StateOf(ContainerState state) => state switch
    {
        { IsRunning: true } => RunState.Running,
        // A start that failed says why.
        { Status: ContainerStatus.Created, Error.Length: 0 } => RunState.Created,
        _ => RunState.Ended,
    };
}
