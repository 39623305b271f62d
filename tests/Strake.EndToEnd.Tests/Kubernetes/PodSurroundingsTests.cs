using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Kubernetes;

/// <summary>What pods find around them: names, ports, mounts, limits, the console.</summary>
public sealed class PodSurroundingsTests(PodEngine engine) : PodTests(engine)
{
    [Fact]
    public async Task Names_are_those_that_the_pod_asks_for()
    {
        await RunAsync("named", Pod("named", Idle, more: """
            hostname: mail
              dnsPolicy: None
              dnsConfig: {nameservers: [192.0.2.53], searches: [example.org], options: [{name: ndots, value: "3"}, {name: use-vc}]}
              hostAliases: [{ip: 192.0.2.1, hostnames: [one.example, two.example]}]
            """));
        Assert.Equal("mail", await Kubectl.OkAsync("exec", "named", "--", "hostname"));
        Assert.Equal("mail", await Kubectl.OkAsync("exec", "named", "--", "cat", "/etc/hostname"));
        var hosts = await Kubectl.OkAsync("exec", "named", "--", "cat", "/etc/hosts");
        Assert.Matches(@"(?m)^192\.0\.2\.1\s+one\.example", hosts);
        Assert.Matches(@"(?m)^192\.0\.2\.1\s+.*two\.example", hosts);
        Assert.Matches(@"(?m)^127\.0\.0\.1\s+localhost", hosts);
        var address = await Kubectl.OkAsync("get", "pod", "named", "-o", "jsonpath={.status.podIP}");
        Assert.Contains(hosts.Split('\n'), line => line.StartsWith(address, StringComparison.Ordinal) && line.Contains("mail", StringComparison.Ordinal));
        var resolver = await Kubectl.OkAsync("exec", "named", "--", "cat", "/etc/resolv.conf");
        Assert.Equal(["nameserver 192.0.2.53", "options ndots:3 use-vc", "search example.org"], resolver.Split('\n').Where(static line => line.Length > 0 && line[0] != '#').Order(StringComparer.Ordinal));
        await Kubectl.OkAsync("delete", "pod", "named");
    }

    [Fact]
    public async Task A_port_of_the_node_leads_to_the_pod_that_asks_for_it()
    {
        var port = FreePort();
        var ports = string.Create(CultureInfo.InvariantCulture, $"ports: [{{containerPort: 8080, hostPort: {port}, hostIP: 127.0.0.1}}]");
        await RunAsync("harbour", Pod("harbour", $"echo ship > /tmp/index.html; httpd -p 8080 -h /tmp; {Idle}", ports + "\n    readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}"));
        using (var http = new HttpClient())
        {
            Assert.Equal("ship\n", await http.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")), TestContext.Current.CancellationToken));
        }

        await Kubectl.ApplyAsync(Pod("second-harbour", Idle, ports));
        await ToldAsync("second-harbour", "FailedScheduling", "node(s) didn't have free ports for the requested pod ports");
        await Kubectl.OkAsync("delete", "pod", "harbour", "second-harbour");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_port_of_a_pod_is_forwarded_to_who_asks_over_WebSockets_and_over_SPDY(string overWebSockets)
    {
        var name = $"forwarded-{overWebSockets}";
        await RunAsync(name, Pod(
            name, $"head -c 3000000 /dev/zero | tr '\\\\0' x > /tmp/large; echo small > /tmp/index.html; httpd -p 127.0.0.1:8080 -h /tmp; {Idle}", "readinessProbe: {exec: {command: [test, -e, /tmp/index.html]}, periodSeconds: 1}"));
        var port = FreePort();
        using (var forward = new Process { StartInfo = new ProcessStartInfo("kubectl", ["port-forward", $"pod/{name}", string.Create(CultureInfo.InvariantCulture, $"{port}:8080")]) { RedirectStandardOutput = true, RedirectStandardError = true } })
        {
            foreach (var (key, value) in Kubectl.Variables) forward.StartInfo.Environment[key] = value;
            forward.StartInfo.Environment["KUBECTL_PORT_FORWARD_WEBSOCKETS"] = overWebSockets;
            forward.Start();
            try
            {
                Assert.Contains("Forwarding from 127.0.0.1", await forward.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? await forward.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
                using var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")) };
                Assert.Equal("small\n", await http.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
                string[] large = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => http.GetStringAsync(new Uri("/large", UriKind.Relative), TestContext.Current.CancellationToken)));
                Assert.All(large, static text => Assert.Equal(3_000_000, text.Length));
            }
            finally
            {
                forward.Kill();
                await forward.WaitForExitAsync(CancellationToken.None);
            }
        }

        await Kubectl.OkAsync("delete", "pod", name);
    }

    [Fact]
    public async Task Mounts_are_seen_through_where_that_is_asked_for()
    {
        string folder = Directory.CreateDirectory(Strake.NewPath()).FullName;
        (await Command.RunAsync("mount", ["--bind", folder, folder])).Ok();
        try
        {
            (await Command.RunAsync("mount", ["--make-shared", folder])).Ok();
            var volumes = $"[{{name: data, hostPath: {{path: {folder}}}}}]";
            await Kubectl.ApplyAsync(Pod("watcher", Idle, "volumeMounts: [{name: data, mountPath: /data, mountPropagation: HostToContainer}]", volumes)
                + "\n---\n" + Pod("mounter", Idle, "volumeMounts: [{name: data, mountPath: /data, mountPropagation: Bidirectional}]\n    securityContext: {privileged: true}", volumes)
                + "\n---\n" + Pod("blind", Idle, "volumeMounts: [{name: data, mountPath: /data}]", volumes));
            foreach (var pod in (string[])["watcher", "mounter", "blind"]) await ReadyAsync(pod);

            await Kubectl.OkAsync("exec", "mounter", "--", "sh", "-c", "mkdir /data/sub && mount -t tmpfs none /data/sub && echo seen > /data/sub/file");
            Assert.Equal("seen\n", File.ReadAllText(Path.Combine(folder, "sub", "file")));
            Assert.Equal("seen", await Kubectl.OkAsync("exec", "watcher", "--", "cat", "/data/sub/file"));
            Assert.NotEqual(0, (await Kubectl.RunAsync("exec", "blind", "--", "cat", "/data/sub/file")).Code);
            await Kubectl.OkAsync("delete", "pod", "watcher", "mounter", "blind");
        }
        finally
        {
            await Command.RunAsync("umount", [Path.Combine(folder, "sub")]);
            await Command.RunAsync("umount", ["-l", folder]);
        }
    }

    [Fact]
    public async Task A_pod_whose_folder_grows_beyond_its_limit_is_evicted()
    {
        await RunAsync("hoarder", Pod(
            "hoarder", $"dd if=/dev/zero of=/heap/file bs=1M count=4 2>/dev/null; {Idle}", "volumeMounts: [{name: heap, mountPath: /heap}]",
            "[{name: heap, emptyDir: {sizeLimit: 1Mi}}]"));
        await Until.TrueAsync(
            async () => (await Kubectl.GetAsync("pod", "hoarder"))["status"]!["reason"]?.ToString() == "Evicted", "the pod is evicted", TimeSpan.FromSeconds(40));
        await ToldAsync("hoarder", "Evicted", "Usage of EmptyDir volume \"heap\" exceeds the limit \"1Mi\".");
        await Until.TrueAsync(async () => (await Strake.Docker.OkAsync("ps", "-q", "--filter", "name=hoarder")).Length == 0, "its containers have ended");
        await Kubectl.OkAsync("delete", "pod", "hoarder");
    }

    [Fact]
    public async Task The_console_of_a_container_can_be_attached_to()
    {
        await RunAsync("console", Pod("console", "read line; echo heard $line; trap 'exit 0' TERM; while true; do sleep 0.1; done", "stdin: true"));
        CommandResult attached = await Kubectl.FeedAsync("hello\n", "attach", "-i", "console", "--pod-running-timeout=5s");
        Assert.Equal(0, attached.Code);
        await Until.TrueAsync(async () => await Kubectl.OkAsync("logs", "console") == "heard hello", "the container has read what was typed");
        await Kubectl.OkAsync("delete", "pod", "console");
    }

    [Fact]
    public async Task Files_of_the_pods_own_fields_follow_them()
    {
        await RunAsync("mirror", Pod(
            "mirror", Idle, "volumeMounts: [{name: own, mountPath: /own}]",
            "[{name: own, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}, {path: cpu, resourceFieldRef: {containerName: main, resource: requests.cpu, divisor: 1m}}]}}]"));
        await Kubectl.OkAsync("label", "pod", "mirror", "colour=green");
        await Until.TrueAsync(async () => await Kubectl.OkAsync("exec", "mirror", "--", "cat", "/own/labels") == "colour=\"green\"", "the file follows");
        Assert.Equal("0", await Kubectl.OkAsync("exec", "mirror", "--", "cat", "/own/cpu"));
        await Kubectl.OkAsync("delete", "pod", "mirror");
    }

    [Fact]
    public async Task A_file_system_that_the_kernel_has_not_is_named()
    {
        Assert.SkipWhen(File.ReadAllText("/proc/filesystems").Contains("nfs4", StringComparison.Ordinal), "This kernel has nfs.");
        await Kubectl.ApplyAsync(Pod("remote", Idle, "volumeMounts: [{name: data, mountPath: /data}]", "[{name: data, nfs: {server: 127.0.0.1, path: /export}}]"));
        await ToldAsync("remote", "FailedMount", "MountVolume.SetUp failed for volume \"data\" : ");
        await ToldAsync("remote", "FailedMount", "this kernel has no nfs4");
        await Kubectl.OkAsync("delete", "pod", "remote");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
