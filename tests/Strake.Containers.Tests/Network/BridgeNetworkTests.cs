using System.Globalization;
using System.Net.Http;
using Strake.Containers.Networks;
using Strake.Linux;

namespace Strake.Containers.Tests.Network;

/// <summary>The bridge with real plugins, a real network namespace, and a real server in it.</summary>
public sealed class BridgeNetworkTests : IAsyncLifetime
{
    const string Bridge = "straketest0";

    readonly string folder = Directory.CreateTempSubdirectory("strake-test-net-").FullName;
    readonly List<ChildProcess> processes = [];
    ContainerNetworks networks = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        networks = Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess process in processes)
        {
            process.Kill();
            await process.Exited;
        }

        await networks.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_container_is_reached_by_its_address_and_by_its_published_port_and_leaves_nothing()
    {
        IContainerNetwork bridge = networks.Find("bridge")!;
        int pid = await StartServerAsync("hello from inside");
        var ports = new Dictionary<string, IReadOnlyList<PortBinding>?> { ["80/tcp"] = [new PortBinding("127.0.0.1", "")], ["81/tcp"] = null };

        NetworkAttachment attachment = await bridge.JoinAsync(new("c1", pid, ports), Token);

        PortBinding binding = Assert.Single(attachment.Ports["80/tcp"]!);
        Assert.Null(attachment.Ports["81/tcp"]);
        Assert.Equal(attachment.Endpoint.Gateway, bridge.Describe().Gateway!.ToString());
        Assert.Equal("hello from inside", await GetAsync($"http://{attachment.Endpoint.IPAddress}/"));
        Assert.Equal("hello from inside", await GetAsync($"http://127.0.0.1:{binding.HostPort}/"));

        await bridge.LeaveAsync("c1", Token);
        await bridge.LeaveAsync("c1", Token);
        await networks.DisposeAsync();
        Assert.False(Directory.Exists("/sys/class/net/" + Bridge));
        Assert.DoesNotContain(Bridge, await FirewallAsync("iptables-save"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder, "172.*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task After_a_restart_of_the_engine_the_port_is_still_held_and_can_be_given_back()
    {
        int pid = await StartServerAsync("again");
        var ports = new Dictionary<string, IReadOnlyList<PortBinding>?> { ["80/tcp"] = [new PortBinding("127.0.0.1", "")] };
        NetworkAttachment attachment = await networks.Find("bridge")!.JoinAsync(new("c1", pid, ports), Token);
        await networks.DisposeAsync();
        Assert.True(Directory.Exists("/sys/class/net/" + Bridge), "the bridge stays while a container is on it");

        networks = Open();
        IContainerNetwork bridge = networks.Find("bridge")!;
        await bridge.ResumeAsync("c1", attachment, Token);

        string port = attachment.Ports["80/tcp"]![0].HostPort!;
        Assert.Equal("again", await GetAsync($"http://127.0.0.1:{port}/"));
        var same = new Dictionary<string, IReadOnlyList<PortBinding>?> { ["80/tcp"] = [new PortBinding("127.0.0.1", port)] };
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => bridge.JoinAsync(new("c2", pid, same), Token))).Kind);
        await bridge.LeaveAsync("c1", Token);
    }

    [Fact]
    public async Task Rules_that_an_engine_left_when_it_was_killed_are_gone_with_the_next_that_comes_and_goes()
    {
        await FirewallAsync("iptables", "-w", "10", "-t", "nat", "-A", "POSTROUTING", "-s", "198.51.100.0/24", "!", "-o", Bridge, "-m", "comment", "--comment", "strake:" + Bridge, "-j", "MASQUERADE");
        int pid = await StartServerAsync("after a kill");
        await networks.Find("bridge")!.JoinAsync(new("c1", pid, new Dictionary<string, IReadOnlyList<PortBinding>?>()), Token);
        string rules = await FirewallAsync("iptables-save");
        Assert.DoesNotContain("198.51.100.0/24", rules, StringComparison.Ordinal);
        Assert.Contains("MASQUERADE", rules.Split('\n').Single(line => line.StartsWith("-A POSTROUTING", StringComparison.Ordinal) && line.Contains("strake:" + Bridge, StringComparison.Ordinal)), StringComparison.Ordinal);
        await networks.Find("bridge")!.LeaveAsync("c1", Token);
        await networks.DisposeAsync();
        Assert.DoesNotContain(Bridge, await FirewallAsync("iptables-save"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bridge_that_an_earlier_engine_made_goes_with_the_next_when_its_containers_are_gone()
    {
        int pid = await StartServerAsync("gone meanwhile");
        await networks.Find("bridge")!.JoinAsync(new("c1", pid, new Dictionary<string, IReadOnlyList<PortBinding>?>()), Token);
        await networks.DisposeAsync();
        networks = Open();
        processes[0].Kill();
        await processes[0].Exited;
        await networks.Find("bridge")!.LeaveAsync("c1", Token);
        await networks.DisposeAsync();
        Assert.False(Directory.Exists("/sys/class/net/" + Bridge));
        Assert.DoesNotContain(Bridge, await FirewallAsync("iptables-save"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_is_gone_cannot_join_and_keeps_no_address()
    {
        IContainerNetwork bridge = networks.Find("bridge")!;

        await Assert.ThrowsAsync<StrakeException>(() => bridge.JoinAsync(new("c1", int.MaxValue, new Dictionary<string, IReadOnlyList<PortBinding>?>()), Token));

        Assert.Empty(Directory.EnumerateFiles(folder, "172.*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Without_plugins_the_error_says_what_to_install()
    {
        await using var without = new ContainerNetworks(new BridgeOptions(Bridge, folder, ["/nonexistent"]));

        StrakeException refusal = await Assert.ThrowsAsync<StrakeException>(() =>
            without.Find("bridge")!.JoinAsync(new("c1", Environment.ProcessId, new Dictionary<string, IReadOnlyList<PortBinding>?>()), Token));

        Assert.Equal(ErrorKind.Unavailable, refusal.Kind);
        Assert.Contains("containernetworking-plugins", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_are_found_by_name_id_and_prefix()
    {
        IContainerNetwork host = networks.Find("host")!;

        Assert.Same(host, networks.Find(host.Id));
        Assert.Same(host, networks.Find(host.Id[..12]));
        Assert.Null(networks.Find("web"));
        Assert.Null(networks.Find(""));
        Assert.Equal(["bridge", "host", "none"], networks.All.Select(network => network.Name));
    }

    ContainerNetworks Open() => new(new BridgeOptions(Bridge, folder, BridgeOptions.DefaultPluginDirectories));

    // A web server in a network namespace of its own, as a container would be; it listens once the namespace is ready.
    async Task<int> StartServerAsync(string content)
    {
        string pages = Directory.CreateDirectory(Path.Combine(folder, "pages-" + content.Length.ToString(CultureInfo.InvariantCulture))).FullName;
        await File.WriteAllTextAsync(Path.Combine(pages, "index.html"), content, Token);
        using var output = Syscall.Pipe2();
        ChildProcess server = ChildProcess.Start(new ChildProcessStart
        {
            Program = "unshare",
            Arguments = ["--net", "busybox", "sh", "-c", "echo ready; exec busybox httpd -f -p 80 -h \"$0\"", pages],
            Environment = ["PATH=/usr/bin:/bin"],
            Output = output.Write,
        });
        processes.Add(server);
        output.Write.Dispose();
        await using var lines = new FileStream(output.Read, FileAccess.Read, bufferSize: 1);
        Assert.Equal('r', lines.ReadByte());
        return server.Id;
    }

    static async Task<string> FirewallAsync(string program, params string[] arguments)
    {
        ChildOutput output = await ChildProcess.RunAsync(new() { Program = program, Arguments = arguments, Environment = ["PATH=/usr/sbin:/sbin"] }, new ChildRunLimits(), Token);
        Assert.True(output.Status.IsSuccess, output.ErrorText);
        return output.OutputText;
    }

    static async Task<string> GetAsync(string url)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await client.GetStringAsync(new Uri(url), Token);
            }
            catch (HttpRequestException) when (attempt < 200)
            {
                // The server is started and not bound yet; each refused connection is an answer, so this waits for nothing but it.
            }
        }
    }
}
