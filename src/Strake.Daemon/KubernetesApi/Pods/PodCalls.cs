using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Strake.Containers;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>What of a pod is a stream: logs, commands, the console, ports.</summary>
/// <param name="objects">The objects.</param>
/// <param name="containers">The engine that runs pods.</param>
/// <param name="time">The clock.</param>
sealed class PodCalls(ObjectStore objects, ContainerEngine containers, TimeProvider time)
{
    /// <summary>Answers a request for a stream.</summary>
    /// <exception cref="StatusException">There is none; says why.</exception>
    public async Task AnswerAsync(KubernetesExchange exchange)
    {
        KubernetesPath path = exchange.Path;
        if (path.Namespace is not { } space) throw StatusException.NoSuchPath();
        StoredObject stored = await objects.GetAsync(PodKind.Kind, new ObjectName(space, path.Name), exchange.Aborted);
        if (path.Subresource == "portforward")
        {
            await ForwardAsync(exchange, stored);
            return;
        }

        using JsonDocument pod = stored.Parse();
        string container = ContainerOf(pod.RootElement, path.Name, exchange.Query("container"));
        Container[] runs =
        [
            .. (await containers.ListAsync(exchange.Aborted))
                .Where(run => PodLabels.Find(run, PodLabels.PodUid) == stored.Uid && PodLabels.Find(run, PodLabels.Container) == container)
                .OrderByDescending(static run => PodLabels.Number(run, PodLabels.Attempt)),
        ];
        await (path.Subresource switch
        {
            "log" => LogAsync(exchange, pod.RootElement, container, runs),
            "exec" => ExecAsync(exchange, path.Name, container, runs),
            _ => AttachAsync(exchange, path.Name, container, runs),
        });
    }

    async Task ForwardAsync(KubernetesExchange exchange, StoredObject pod)
    {
        const string Protocol = "portforward.k8s.io", Tunnel = $"SPDY/3.1+{Protocol}";
        Container? sandbox = (await containers.ListAsync(exchange.Aborted)).FirstOrDefault(one =>
            one.State.IsRunning && PodLabels.Find(one, PodLabels.PodUid) == pod.Uid && PodLabels.Find(one, PodLabels.Container) == PodLabels.SandboxContainer);
        if (sandbox is null) throw StatusException.BadRequest($"unable to forward port because pod {pod.Name.Name} is not running");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        var forward = new PortForward($"{pod.Name.Namespace}/{pod.Name.Name}", sandbox.Network.SandboxKey);
        if (StreamUpgrade.IsWebSocket(exchange) && StreamUpgrade.FirstOffered(exchange, "Sec-WebSocket-Protocol", Tunnel) is not null)
        {
            using WebSocket socket = await StreamUpgrade.ToWebSocketAsync(exchange, Tunnel);
            await using var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false);
            await forward.RunAsync(stream, ending.Token);
        }
        else if (StreamUpgrade.IsSpdy(exchange) && StreamUpgrade.FirstOffered(exchange, "X-Stream-Protocol-Version", Protocol) is not null)
        {
            await using Stream stream = await StreamUpgrade.ToSpdyAsync(exchange, Protocol);
            await forward.RunAsync(stream, ending.Token);
        }
        else
        {
            throw StatusException.BadRequest($"unable to upgrade: a WebSocket of {Tunnel}, or SPDY/3.1 of {Protocol}, is what is served here");
        }
    }

    async Task LogAsync(KubernetesExchange exchange, JsonElement pod, string container, Container[] runs)
    {
        string name = exchange.Path.Name;
        bool isPrevious = exchange.Flag("previous");
        Container? run = runs.Skip(isPrevious ? 1 : 0).FirstOrDefault();
        if (run is null && isPrevious) throw StatusException.BadRequest($"previous terminated container \"{container}\" in pod \"{name}\" not found");
        if (run is null) throw StatusException.BadRequest($"container \"{container}\" in pod \"{name}\" is waiting to start: {WaitOf(pod, container)}");
        var options = new LogOptions
        {
            Follow = exchange.Flag("follow"),
            Timestamps = exchange.Flag("timestamps"),
            Tail = exchange.Number("tailLines") is { } lines ? (int)Math.Clamp(lines, 0, int.MaxValue) : null,
            Since = SinceOf(exchange),
        };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        exchange.Http.Response.ContentType = "text/plain";
        await exchange.Http.Response.StartAsync(ending.Token);
        var client = new PlainLogClient(exchange.Http.Response.Body, exchange.Number("limitBytes"));
        try
        {
            await containers.LogsAsync(run.Id, options, client, ending.Token);
        }
        catch (EndOfStreamException)
        {
            // The client has all that it wanted.
        }
    }

    DateTimeOffset? SinceOf(KubernetesExchange exchange)
    {
        if (exchange.Number("sinceSeconds") is { } seconds) return time.GetUtcNow().AddSeconds(-seconds);
        string text = exchange.Query("sinceTime");
        if (text.Length == 0) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset since)
            ? since
            : throw StatusException.BadRequest($"the parameter sinceTime wants a time, not \"{text}\"");
    }

    async Task ExecAsync(KubernetesExchange exchange, string pod, string container, Container[] runs)
    {
        Container run = RunningOf(pod, container, runs);
        string[] command = [.. exchange.Http.Request.Query["command"].OfType<string>()];
        if (command.Length == 0) throw StatusException.BadRequest("you must specify at least 1 command for the container");
        var request = new ExecRequest
        {
            Cmd = command, Tty = exchange.Flag("tty"), AttachStdin = exchange.Flag("stdin"), AttachStdout = exchange.Flag("stdout"), AttachStderr = exchange.Flag("stderr"),
        };
        await using ChannelSession session = await ChannelSession.AcceptAsync(exchange, request.AttachStdin);
        string? exec = null;
        await session.RunAsync(
            async ending =>
            {
                exec = await containers.CreateExecAsync(run.Id, request, ending);
                await containers.StartExecAsync(exec, new ExecStart(Tty: request.Tty), session, ready: null, ending);
                return containers.GetExec(exec).ExitCode ?? 0;
            },
            (height, width) => exec is null ? Task.CompletedTask : containers.ResizeExecAsync(exec, height, width, CancellationToken.None));
    }

    async Task AttachAsync(KubernetesExchange exchange, string pod, string container, Container[] runs)
    {
        Container run = RunningOf(pod, container, runs);
        var options = new AttachOptions { Stream = true, Stdin = exchange.Flag("stdin"), Stdout = exchange.Flag("stdout"), Stderr = exchange.Flag("stderr") };
        await using ChannelSession session = await ChannelSession.AcceptAsync(exchange, options.Stdin);
        await session.RunAsync(
            async ending =>
            {
                await containers.AttachAsync(run.Id, options, session, ready: null, ending);
                return 0;
            },
            (height, width) => containers.ResizeAsync(run.Id, height, width, CancellationToken.None));
    }

    static Container RunningOf(string pod, string container, Container[] runs) => runs.FirstOrDefault() switch
    {
        { State.IsRunning: true } run => run,
        null => throw StatusException.BadRequest($"container {container} in pod {pod} is not there yet"),
        _ => throw StatusException.BadRequest($"cannot exec into a container in a completed pod; current state of {container} is not running"),
    };

    static string ContainerOf(JsonElement pod, string name, string asked)
    {
        string[] names = [.. NamesOf("containers")], all = [.. names, .. NamesOf("initContainers")];
        if (asked.Length > 0) return all.Contains(asked) ? asked : throw StatusException.BadRequest($"container {asked} is not valid for pod {name}");
        if (pod.TextAt("metadata", "annotations", "kubectl.kubernetes.io/default-container") is { } chosen && names.Contains(chosen)) return chosen;
        if (names.Length == 1) return names[0];
        throw StatusException.BadRequest($"a container name must be specified for pod {name}, choose one of: [{string.Join(' ', names)}]");

        IEnumerable<string> NamesOf(string list) => pod.ItemsAt("spec", list).Select(static item => item.TextAt("name") ?? "");
    }

    static string WaitOf(JsonElement pod, string container) => pod.ItemsAt("status", "containerStatuses").Concat(pod.ItemsAt("status", "initContainerStatuses"))
        .Where(status => status.TextAt("name") == container).Select(static status => status.TextAt("state", "waiting", "reason")).FirstOrDefault() ?? "ContainerCreating";
}
