using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>How pods live: starts, ends, kills from all sides, and what of them can be heard.</summary>
public sealed class PodLifeTests(PodEngine engine) : PodTests(engine)
{
    [Fact]
    public async Task The_node_is_ready()
    {
        await Kubectl.OkAsync("wait", "nodes", "--all", "--for=condition=Ready", "--timeout=90s");
        JsonNode node = Assert.Single((await Kubectl.GetAsync("nodes"))["items"]!.AsArray())!;
        Assert.Equal((string?)node["metadata"]!["name"], (string?)node["metadata"]!["labels"]!["kubernetes.io/hostname"]);
        Assert.Contains("strake.csi", await Kubectl.OkAsync("get", "csidrivers", "-o", "name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Containers_start_after_those_before_them_and_share_the_network()
    {
        await RunAsync("team", """
            apiVersion: v1
            kind: Pod
            metadata: {name: team}
            spec:
              terminationGracePeriodSeconds: 1
              initContainers:
              - {name: first, image: "busybox:latest", imagePullPolicy: Never, command: [sh, -c, "echo made > /shared/file"], volumeMounts: [{name: shared, mountPath: /shared}]}
              containers:
              - {name: one, image: "busybox:latest", imagePullPolicy: Never, command: [sleep, "1000"], volumeMounts: [{name: shared, mountPath: /shared}], readinessProbe: {exec: {command: [test, -e, /shared/file]}, periodSeconds: 1}}
              - {name: two, image: "busybox:latest", imagePullPolicy: Never, command: [sleep, "1000"]}
              volumes: [{name: shared, emptyDir: {}}]
            """);
        Assert.Equal("made", await Kubectl.OkAsync("exec", "team", "-c", "one", "--", "cat", "/shared/file"));
        foreach (string shared in (string[])["net", "ipc"])
        {
            string[] look = ["--", "readlink", $"/proc/self/ns/{shared}"];
            Assert.Equal(await Kubectl.OkAsync(["exec", "team", "-c", "one", .. look]), await Kubectl.OkAsync(["exec", "team", "-c", "two", .. look]));
        }

        Assert.Equal("team", await Kubectl.OkAsync("exec", "team", "-c", "two", "--", "hostname"));
        await Kubectl.OkAsync("delete", "pod", "team");
    }

    [Fact]
    public async Task A_container_that_ends_is_started_anew_and_held_back_then()
    {
        await Kubectl.ApplyAsync(Pod("crash", "echo bye; exit 3"));
        await IsAsync("CrashLoopBackOff", ".status.containerStatuses[0].state.waiting.reason", "pod", "crash");
        JsonNode status = await StatusAsync("crash");
        Assert.Equal(3, (int)status["lastState"]!["terminated"]!["exitCode"]!);
        Assert.Equal("bye", await Kubectl.OkAsync("logs", "crash", "--previous"));
        await Kubectl.OkAsync("delete", "pod", "crash");
    }

    [Fact]
    public async Task A_pod_that_is_done_says_so_and_keeps_its_log()
    {
        await Kubectl.ApplyAsync(Pod("job", "echo one; echo two; echo last > /dev/termination-log", more: "restartPolicy: Never"));
        await IsAsync("Succeeded", ".status.phase", "pod", "job");
        JsonNode status = await StatusAsync("job");
        Assert.Equal("Completed", (string?)status["state"]!["terminated"]!["reason"]);
        Assert.Equal("last", (string?)status["state"]!["terminated"]!["message"]);
        Assert.Equal("two", await Kubectl.OkAsync("logs", "job", "--tail=1"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT.* one\n", await Kubectl.OkAsync("logs", "job", "--timestamps"));
        await Kubectl.OkAsync("delete", "pod", "job");
    }

    [Fact]
    public async Task An_image_that_is_not_there_and_not_to_be_fetched_is_named()
    {
        await Kubectl.ApplyAsync("{apiVersion: v1, kind: Pod, metadata: {name: imageless}, spec: {containers: [{name: main, image: 'nosuch:1', imagePullPolicy: Never}]}}");
        await IsAsync("ErrImageNeverPull", ".status.containerStatuses[0].state.waiting.reason", "pod", "imageless");
        await Kubectl.OkAsync("delete", "pod", "imageless");
    }

    [Fact]
    public async Task Commands_have_their_streams_and_their_exit_code()
    {
        await RunAsync("shell", Pod("shell", Idle));
        CommandResult fed = await Kubectl.FeedAsync("typed", "exec", "-i", "shell", "--", "sh", "-c", "cat; echo err >&2");
        Assert.Equal("typed", fed.Ok());
        CommandResult failed = await Kubectl.RunAsync("exec", "shell", "--", "sh", "-c", "exit 7");
        Assert.Equal(7, failed.Code);
        await Kubectl.OkAsync("delete", "pod", "shell");
    }

    [Fact]
    public async Task What_a_user_of_Docker_removes_comes_back()
    {
        await RunAsync("healed", Pod("healed", Idle));
        string id = await ContainerAsync("k8s_main_healed");
        await Strake.Docker.OkAsync("rm", "-f", id);
        await Until.TrueAsync(async () => await ContainerAsync("k8s_main_healed") is { Length: > 0 } now && now != id, "the container runs again");

        string sandbox = await ContainerAsync("k8s_POD_healed");
        await Strake.Docker.OkAsync("rm", "-f", sandbox);
        await Until.TrueAsync(async () => await ContainerAsync("k8s_POD_healed") is { Length: > 0 } now && now != sandbox, "the sandbox runs again");
        await ReadyAsync("healed");
        await Kubectl.OkAsync("delete", "pod", "healed");
    }

    [Fact]
    public async Task Pods_go_on_while_the_daemon_is_killed_and_are_found_again()
    {
        await RunAsync("survivor", Pod("survivor", Idle));
        string id = await ContainerAsync("k8s_main_survivor");
        await Strake.KillAsync();
        await Strake.LaunchAsync();
        await ReadyAsync("survivor");
        Assert.Equal(id, await ContainerAsync("k8s_main_survivor"));
        Assert.Equal(0, (int)(await StatusAsync("survivor"))["restartCount"]!);
        await Kubectl.OkAsync("delete", "pod", "survivor");
        Assert.Equal("", await ContainerAsync("survivor"));
    }

    [Fact]
    public async Task A_pod_that_is_deleted_by_force_leaves_nothing()
    {
        await RunAsync("forced", Pod("forced", "sleep 1000"));
        await Kubectl.OkAsync("delete", "pod", "forced", "--force", "--grace-period=0");
        await Until.TrueAsync(async () => (await Strake.Docker.OkAsync("ps", "-aq", "--filter", "name=forced")).Length == 0, "its containers are gone");
    }

    [Fact]
    public async Task A_sick_container_is_started_anew()
    {
        await RunAsync("sick", Pod("sick", $"touch /tmp/well; {Idle}", "livenessProbe: {exec: {command: [test, -e, /tmp/well]}, periodSeconds: 1, failureThreshold: 1}"));
        await Kubectl.OkAsync("exec", "sick", "--", "rm", "/tmp/well");
        await ToldAsync("sick", "Killing", "Container main failed liveness probe, will be restarted");
        await IsAsync("1", ".status.containerStatuses[0].restartCount", "pod", "sick");
        await Kubectl.OkAsync("delete", "pod", "sick");
    }

    async Task<string> ContainerAsync(string name) => (await Strake.Docker.OkAsync("ps", "-q", "--filter", $"name={name}")).Trim();
}
