using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions.Pods;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Pods;

public sealed class PodDecisionsTests
{
    static readonly SandboxRun s_sandbox = new("box", 0, IsRunning: true, "10.0.0.2");

    static readonly (string Name, PodView View, string Expected)[] s_rows =
    [
        ("new", Of(Pod()) with { HasVolumes = false }, "volumes"),
        ("volumes there", Of(Pod()) with { Sandboxes = [] }, "sandbox 0"),
        ("sandbox ended", Of(Pod()) with { Sandboxes = [s_sandbox with { IsRunning = false }] }, "sandbox 1"),
        ("sandbox ended, something runs", Of(Pod(), Running("web")) with { Sandboxes = [] }, "end web in 30"),
        ("sandbox there", Of(Pod()), "start web 0"),
        ("runs", Of(Pod(), Running("web")), "rest"),
        ("start cut short by a kill", Of(Pod(), Run("web") with { State = RunState.Created }), "start web 1"),
        ("first end", Of(Pod(), Ended("web", 1)), "start web 1"),
        ("second end, just now", Of(Pod(), Ended("web", 1, attempt: 1, crashes: 1)), "rest until 10"),
        ("second end, long ago", Of(Pod(), Ended("web", 1, attempt: 1, crashes: 1)) with { Now = Given.Noon.AddSeconds(10) }, "start web 2"),
        ("fifth end", Of(Pod(), Ended("web", 0, attempt: 4, crashes: 4)), "rest until 80"),
        ("ended with its sandbox", Of(Pod(), Ended("web", 137, attempt: 4, crashes: 4) with { Sandbox = "former" }), "start web 5"),
        ("never again", Of(Pod(PodRestart.Never), Ended("web", 1)), "settle"),
        ("on failure, good end", Of(Pod(PodRestart.OnFailure), Ended("web", 0)), "settle"),
        ("on failure, bad end", Of(Pod(PodRestart.OnFailure), Ended("web", 3)), "start web 1"),
        ("settled", Of(Pod(PodRestart.Never), Ended("web", 0)) with { Sandboxes = [], HasVolumes = false, HoldsVolumes = false }, "rest"),
        ("removed by somebody", Of(Known(Pod(), "web", restarts: 2)), "start web 3"),
        ("removed by somebody, never again", Of(Known(Pod(PodRestart.Never), "web", restarts: 0)), "settle"),
        ("held back", Of(Pod()) with { Waits = Waits("web", Given.Noon.AddSeconds(7)) }, "rest until 7"),
        ("held back long enough", Of(Pod()) with { Waits = Waits("web", Given.Noon) }, "start web 0"),
        ("one after the other", Of(Pod(init: ["one", "two"])), "start one 0"),
        ("one after the other, second", Of(Pod(init: ["one", "two"]), Ended("one", 0)), "start two 0"),
        ("one runs", Of(Pod(init: ["one", "two"]), Running("one")), "rest"),
        ("all done", Of(Pod(init: ["one", "two"]), Ended("one", 0), Ended("two", 0)), "start web 0"),
        ("init failed", Of(Pod(init: ["one"]), Ended("one", 1)), "start one 1"),
        ("init failed, never again", Of(Pod(PodRestart.Never, init: ["one"]), Ended("one", 1)), "settle"),
        ("sidecar first", Of(Sidecar()), "start side 0"),
        ("sidecar runs", Of(Sidecar(), Running("side")), "start web 0"),
        ("sidecar ended", Of(Sidecar(), Ended("side", 0), Running("web")), "start side 1"),
        ("sidecar outlives", Of(Sidecar() with { Restart = PodRestart.Never }, Running("side"), Ended("web", 0)), "end side in 30"),
        ("too late", Of(Pod() with { DeadlineSeconds = 5, StartedAt = Given.Noon.AddSeconds(-5) }, Running("web")), "end web in 30"),
        ("not yet too late", Of(Pod() with { DeadlineSeconds = 5, StartedAt = Given.Noon.AddSeconds(-2) }, Running("web")), "rest until 3"),
        ("evicted", Of(Pod(), Running("web")) with { Eviction = ("Evicted", "full") }, "end web in 30"),
        ("sick", Of(Pod(), Running("web")) with { Probes = new Dictionary<string, ProbeState> { ["web-0"] = new(true, true, "liveness probe") } }, "end web in 30"),
        ("sick, with less time", Of(Pod(), Running("web")) with { Probes = new Dictionary<string, ProbeState> { ["web-0"] = new(true, true, "liveness probe", TimeSpan.FromSeconds(3)) } }, "end web in 3"),
        ("deleted, runs", Of(Deleted(Pod(), 12), Running("web")), "end web in 12"),
        ("deleted, ended", Of(Deleted(Pod(), 12), Ended("web", 137)), "dismantle"),
        ("deleted before it began", Of(Deleted(Pod(), 0)) with { HasVolumes = false, Sandboxes = [] }, "dismantle"),
        ("gone, runs", Of(null, Running("web")), "end web in 0"),
        ("gone", Of(null, Ended("web", 137)), "dismantle"),
    ];

    public static TheoryData<string> Names => [.. s_rows.Select(static row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pod_is_led_from_any_state_to_what_is_wanted(string name)
    {
        (_, PodView view, string expected) = Assert.Single(s_rows, row => row.Name == name);
        Assert.Equal(expected, Told(PodDecisions.Decide(view)));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 10)]
    [InlineData(2, 0, 20)]
    [InlineData(6, 0, 300)]
    [InlineData(40, 0, 300)]
    [InlineData(6, 600, 0)]
    public void A_container_that_ends_again_and_again_is_held_back_longer_each_time(int crashes, int lastedSeconds, int expectedSeconds) =>
        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), CrashBackOff.After(crashes, TimeSpan.FromSeconds(lastedSeconds)));

    [Fact]
    public void A_status_says_what_is_seen()
    {
        JsonNode status = Status(Of(Pod(), Running("web")));
        Assert.Equal("Running", (string?)status["phase"]);
        Assert.Equal("10.0.0.2", (string?)status["podIP"]);
        Assert.Equal("192.0.2.1", (string?)status["hostIP"]);
        Assert.True((bool)status["containerStatuses"]![0]!["ready"]!);
        Assert.Equal("2026-01-01T12:00:00Z", (string?)status["containerStatuses"]![0]!["state"]!["running"]!["startedAt"]);
        Assert.Equal("True", Condition(status, "Ready"));
    }

    [Fact]
    public void A_container_that_is_held_back_says_so_and_how_it_ended()
    {
        JsonNode status = Status(Of(Pod(), Ended("web", 3, attempt: 1, crashes: 1)));
        JsonNode container = status["containerStatuses"]![0]!;
        Assert.Equal("CrashLoopBackOff", (string?)container["state"]!["waiting"]!["reason"]);
        Assert.Equal("back-off 10s restarting failed container=web pod=pod_default(uid-pod)", (string?)container["state"]!["waiting"]!["message"]);
        Assert.Equal(3, (int)container["lastState"]!["terminated"]!["exitCode"]!);
        Assert.Equal(1, (int)container["restartCount"]!);
        Assert.Equal("False", Condition(status, "Ready"));
    }

    [Fact]
    public void What_nobody_knows_the_end_of_is_told_as_such()
    {
        JsonNode status = Status(Of(Known(Pod(PodRestart.Never), "web", restarts: 0)));
        Assert.Equal("Failed", (string?)status["phase"]);
        Assert.Equal("ContainerStatusUnknown", (string?)status["containerStatuses"]![0]!["state"]!["terminated"]!["reason"]);
    }

    [Fact]
    public void A_status_that_is_written_again_does_not_change()
    {
        PodView view = Of(Pod(init: ["one"]), Ended("one", 0), Running("web"));
        var document = new JsonObject();
        PodStatusDocument.Update(document, view, "192.0.2.1");
        JsonNode first = document.DeepClone();
        PodStatusDocument.Update(document, view with { Now = Given.Noon.AddMinutes(5) }, "192.0.2.1");
        Assert.True(JsonNode.DeepEquals(first, document), $"{first}\n{document}");
    }

    static JsonNode Status(PodView view)
    {
        var document = new JsonObject();
        PodStatusDocument.Update(document, view, "192.0.2.1");
        return document["status"]!;
    }

    static string? Condition(JsonNode status, string type) =>
        (string?)status["conditions"]!.AsArray().Single(condition => (string?)condition!["type"] == type)!["status"];

    static string Told(PodDecision decision) => decision switch
    {
        PodDecision.MountVolumes => "volumes",
        PodDecision.MakeSandbox make => $"sandbox {make.Attempt}",
        PodDecision.Start start => "start " + string.Join(", ", start.Orders.Select(static order => $"{order.Container.Name} {order.Attempt}")),
        PodDecision.End end => $"end {string.Join(", ", end.Runs.Select(static run => run.Container))} in {end.Grace.TotalSeconds}",
        PodDecision.Rest { Until: { } until } => $"rest until {(until - Given.Noon).TotalSeconds}",
        PodDecision.Rest => "rest",
        PodDecision.Settle => "settle",
        PodDecision.Dismantle => "dismantle",
        _ => throw new ArgumentException($"{decision}", nameof(decision)),
    };

    static PodView Of(Pod? pod, params ContainerRun[] runs) => new(pod, Given.Noon) { Runs = runs, Sandboxes = [s_sandbox], HasVolumes = true, HoldsVolumes = true };

    static Pod Pod(PodRestart restart = PodRestart.Always, params string[] init) => new()
    {
        Metadata = Given.Meta("pod"),
        NodeName = "node",
        Restart = restart,
        InitContainers = [.. init.Select(Container)],
        Containers = [Container("web")],
    };

    static Pod Sidecar()
    {
        Pod pod = Pod(init: ["side"]);
        return pod with { InitContainers = [pod.InitContainers[0] with { IsSidecar = true }] };
    }

    static PodContainer Container(string name) => PodContainer.Read(JsonElement.Parse($$"""{"name":"{{name}}","image":"busybox"}"""));

    static Pod Known(Pod pod, string container, int restarts) => pod with { Known = [new KnownContainer(container, restarts, HasRun: true, HasEnded: false, HasSucceeded: false, JsonElement.Parse("{}"))] };

    static Pod Deleted(Pod pod, int seconds) => pod with { Metadata = pod.Metadata with { DeletedAt = Given.Noon, DeletionGraceSeconds = seconds } };

    static ContainerRun Run(string name, int attempt = 0) => new($"{name}-{attempt}", name, attempt) { CreatedAt = Given.Noon };

    static ContainerRun Running(string name) => Run(name) with { State = RunState.Running, StartedAt = Given.Noon };

    static ContainerRun Ended(string name, int code, int attempt = 0, int crashes = 0) =>
        Run(name, attempt) with { State = RunState.Ended, ExitCode = code, Crashes = crashes, StartedAt = Given.Noon.AddSeconds(-1), FinishedAt = Given.Noon };

    static Dictionary<string, ContainerWait> Waits(string container, DateTimeOffset until) => new() { [container] = new ContainerWait("ErrImagePull", "no", until) };
}
