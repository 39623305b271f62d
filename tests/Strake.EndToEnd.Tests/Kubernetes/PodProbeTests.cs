using System.Text.Json.Nodes;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>What is asked of containers while they run, and what is done after their start and before their end.</summary>
public sealed class PodProbeTests(PodEngine engine) : PodTests(engine)
{
    [Fact]
    public async Task A_sidecar_starts_before_the_others_runs_beside_them_and_ends_after_them()
    {
        await Kubectl.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: {name: carried}
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 5
              volumes: [{name: shared, emptyDir: {}}]
              initContainers:
              - name: side
                image: busybox:latest
                imagePullPolicy: Never
                restartPolicy: Always
                command: [sh, -c, "trap 'exit 0' TERM; touch /shared/side; while true; do sleep 0.1; done"]
                startupProbe: {exec: {command: [test, -e, /shared/side]}, periodSeconds: 1}
                volumeMounts: [{name: shared, mountPath: /shared}]
              containers:
              - name: main
                image: busybox:latest
                imagePullPolicy: Never
                command: [sh, -c, "test -e /shared/side && while ! test -e /shared/done; do sleep 0.1; done"]
                volumeMounts: [{name: shared, mountPath: /shared}]
            """);
        await ReadyAsync("carried");
        JsonNode side = (await Kubectl.GetAsync("pod", "carried"))["status"]!["initContainerStatuses"]![0]!;
        Assert.True((bool)side["started"]! && (bool)side["ready"]!);
        Assert.Contains("2/2", await Kubectl.OkAsync("get", "pod", "carried"), StringComparison.Ordinal);

        // A sidecar that ends is started anew, whatever the pod's policy.
        await Kubectl.OkAsync("exec", "carried", "-c", "side", "--", "kill", "1");
        await IsAsync("1", ".status.initContainerStatuses[0].restartCount", "pod", "carried");
        await Kubectl.OkAsync("exec", "carried", "-c", "main", "--", "touch", "/shared/done");
        await IsAsync("Succeeded", ".status.phase", "pod", "carried");
        await Until.TrueAsync(async () => (await Strake.Docker.OkAsync("ps", "-q", "--filter", "name=carried")).Length == 0, "the sidecar has ended");
        await Kubectl.OkAsync("delete", "pod", "carried");
    }

    [Fact]
    public async Task A_server_is_asked_by_http_and_by_its_port()
    {
        await Kubectl.ApplyAsync(Pod(
            "asked", $"mkdir -p /www; httpd -p 8080 -h /www; {Idle}", """
            ports: [{name: web, containerPort: 8080}]
                startupProbe: {httpGet: {path: /up, port: web}, periodSeconds: 1, failureThreshold: 60}
                readinessProbe: {tcpSocket: {port: web}, periodSeconds: 1, failureThreshold: 1}
                livenessProbe: {httpGet: {path: /well, port: 8080, httpHeaders: [{name: X-Who, value: probe}]}, periodSeconds: 1, failureThreshold: 2}
            """));
        await ToldAsync("asked", "Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 404");
        await IsAsync("false", ".status.containerStatuses[0].started", "pod", "asked");
        await Kubectl.OkAsync("exec", "asked", "--", "sh", "-c", "echo yes > /www/well; echo yes > /www/up");
        await ReadyAsync("asked");

        // Closed, it is not ready, and lives on only while it is said to be well.
        await Kubectl.OkAsync("exec", "asked", "--", "rm", "/www/well");
        await ToldAsync("asked", "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 404");
        await ToldAsync("asked", "Killing", "Container main failed liveness probe, will be restarted");
        await IsAsync("1", ".status.containerStatuses[0].restartCount", "pod", "asked");
        await Kubectl.OkAsync("delete", "pod", "asked");
    }

    [Fact]
    public async Task A_pod_whose_port_is_closed_is_not_ready()
    {
        await RunAsync("doors", Pod(
            "doors", $"httpd -p 8080 -h /tmp; {Idle}", "readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1, failureThreshold: 1}"));
        await Kubectl.OkAsync("exec", "doors", "--", "killall", "httpd");
        await Kubectl.OkAsync("wait", "pod/doors", "--for=condition=Ready=false", "--timeout=20s");
        await ToldAsync("doors", "Unhealthy", "Readiness probe failed: ");
        await IsAsync("0", ".status.containerStatuses[0].restartCount", "pod", "doors");
        await Kubectl.OkAsync("exec", "doors", "--", "httpd", "-p", "8080", "-h", "/tmp");
        await ReadyAsync("doors");
        await Kubectl.OkAsync("delete", "pod", "doors");
    }

    [Fact]
    public async Task Hooks_run_after_the_start_and_before_the_end()
    {
        string folder = Directory.CreateDirectory(Strake.NewPath()).FullName;
        await RunAsync("hooked", Pod(
            "hooked", Idle, """
            volumeMounts: [{name: data, mountPath: /data}]
                lifecycle: {postStart: {exec: {command: [sh, -c, "echo start >> /data/log"]}}, preStop: {exec: {command: [sh, -c, "echo stop >> /data/log"]}}}
            """, $"[{{name: data, hostPath: {{path: {folder}}}}}]"));
        Assert.Equal("start\n", File.ReadAllText(Path.Combine(folder, "log")));
        await Kubectl.OkAsync("delete", "pod", "hooked");
        Assert.Equal("start\nstop\n", File.ReadAllText(Path.Combine(folder, "log")));
    }

    [Fact]
    public async Task A_hook_may_be_a_request()
    {
        string folder = Directory.CreateDirectory(Strake.NewPath()).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "cgi-bin"));
        File.WriteAllText(Path.Combine(folder, "cgi-bin", "told"), "#!/bin/sh\necho \"$QUERY_STRING\" >> /www/log\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\n");
        File.SetUnixFileMode(Path.Combine(folder, "cgi-bin", "told"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await RunAsync("told", Pod(
            "told", $"httpd -p 8080 -h /www; {Idle}", """
            volumeMounts: [{name: www, mountPath: /www}]
                readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
                lifecycle: {preStop: {httpGet: {path: "/cgi-bin/told?stop", port: 8080}}}
            """, $"[{{name: www, hostPath: {{path: {folder}}}}}]"));
        await Kubectl.OkAsync("delete", "pod", "told");
        Assert.Equal("stop\n", File.ReadAllText(Path.Combine(folder, "log")));
    }

    [Fact]
    public async Task A_container_whose_hook_fails_is_started_anew()
    {
        await Kubectl.ApplyAsync(Pod("unhooked", Idle, "lifecycle: {postStart: {exec: {command: [sh, -c, 'echo no; exit 3']}}}"));
        await ToldAsync("unhooked", "FailedPostStartHook", "PostStartHook failed");
        await IsAsync("1", ".status.containerStatuses[0].restartCount", "pod", "unhooked");
        await Kubectl.OkAsync("delete", "pod", "unhooked");
    }
}
