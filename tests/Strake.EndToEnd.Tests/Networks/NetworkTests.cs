using System.Net.Sockets;
using System.Text;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Networks;

/// <summary>The networks none, host, container:X and the default bridge.</summary>
public sealed class NetworkTests(LoadedEngine loaded) : EngineTests(loaded)
{
    const string Interfaces = "echo $(ls /sys/class/net)";

    [Fact]
    public async Task On_none_there_is_only_a_loopback_and_it_is_up()
    {
        Assert.Equal("lo", await BusyboxAsync(Interfaces));
        Assert.Contains("127.0.0.1", await BusyboxAsync("ip -4 addr show lo"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_host_the_interfaces_are_the_host_s()
    {
        var here = await Command.RunAsync("sh", ["-c", Interfaces]);
        Assert.Equal(here.Ok(), await Docker.OkAsync("run", "--rm", "--network", "host", "busybox", "sh", "-c", Interfaces));
        Assert.Equal(Environment.MachineName, await Docker.OkAsync("run", "--rm", "--network", "host", "busybox", "hostname"));
    }

    [Fact]
    public async Task On_container_X_both_speak_over_one_loopback()
    {
        var server = await SleeperAsync();
        await Docker.OkAsync("exec", server, "sh", "-c", "echo from X >/tmp/index.html; httpd -p 127.0.0.1:8080 -h /tmp");
        Assert.Equal("from X", await Docker.OkAsync("run", "--rm", "--network", $"container:{server}", "busybox", "wget", "-qO-", "http://127.0.0.1:8080/"));
    }

    [Fact]
    public async Task On_a_container_that_does_not_run_nothing_starts()
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", name, "--network", "none", "busybox");
        var result = await Docker.RunAsync("run", "--rm", "--network", $"container:{name}", "busybox", "true");
        Assert.NotEqual(0, result.Code);
        Assert.Contains("running", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_network_is_refused()
    {
        var result = await Docker.RunAsync("run", "--rm", "--network", "nowhere", "busybox", "true");
        Assert.Equal(125, result.Code);
        Assert.Contains("nowhere", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_three_networks_are_listed()
    {
        var networks = (await Docker.RunAsync("network", "ls", "--format", "{{.Name}} {{.Driver}}")).Lines;
        Assert.Contains("host host", networks);
        Assert.Contains("none null", networks);
    }

    [Fact]
    public async Task On_the_bridge_a_container_has_an_address_and_a_published_port_reaches_it()
    {
        await BridgeAsync();
        var name = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", name, "-p", "127.0.0.1::8080", "busybox", "httpd", "-f", "-p", "8080", "-h", "/etc");
        var port = (await Docker.OkAsync("port", name, "8080/tcp")).Split(':')[^1];
        Assert.Matches(@"^\d+\.\d+\.\d+\.\d+$", await Docker.ValueAsync(name, "{{.NetworkSettings.Networks.bridge.IPAddress}}"));
        Assert.StartsWith("root:x:0:0", await FetchAsync(port, "/passwd"), StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port}->8080/tcp", await Docker.OkAsync("ps", "--filter", $"name={name}", "--format", "{{.Ports}}"), StringComparison.Ordinal);

        await Docker.OkAsync("rm", "-f", name);
        await Assert.ThrowsAnyAsync<Exception>(() => FetchAsync(port, "/passwd"));
    }

    [Fact]
    public async Task Two_containers_on_the_bridge_reach_each_other()
    {
        await BridgeAsync();
        var server = Engine.NewContainer();
        await Docker.OkAsync("run", "-d", "--name", server, "busybox", "httpd", "-f", "-p", "80", "-h", "/etc");
        var address = await Docker.ValueAsync(server, "{{.NetworkSettings.Networks.bridge.IPAddress}}");
        Assert.StartsWith("root:x:0:0", await Docker.OkAsync("run", "--rm", "busybox", "wget", "-qO-", $"http://{address}/passwd"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_the_bridge_the_hosts_file_names_the_container()
    {
        await BridgeAsync();
        var seen = await Docker.OkAsync("run", "--rm", "--hostname", "named", "--add-host", "other:10.1.2.3", "busybox", "cat", "/etc/hosts");
        Assert.Matches(@"(?m)^\d+\.\d+\.\d+\.\d+\s+named$", seen);
        Assert.Matches(@"(?m)^10\.1\.2\.3\s+other$", seen);
    }

    [Fact]
    public async Task A_port_in_use_is_refused_and_the_container_is_not_left_running()
    {
        await BridgeAsync();
        using var holder = new TcpListener(System.Net.IPAddress.Loopback, 0);
        holder.Start();
        var port = ((System.Net.IPEndPoint)holder.LocalEndpoint).Port;
        var name = Engine.NewContainer();
        var result = await Docker.RunAsync("run", "-d", "--name", name, "-p", $"127.0.0.1:{port}:80", "busybox", "sleep", "1000");
        Assert.Equal(125, result.Code);
        Assert.Contains("address already in use", result.Error, StringComparison.Ordinal);
        Assert.Equal("created", await Docker.ValueAsync(name, "{{.State.Status}}"));
    }

    [Fact]
    public async Task Resolv_conf_is_made_from_the_host_s_or_from_options()
    {
        await BridgeAsync();
        Assert.Equal("nameserver 10.9.8.7", await Docker.OkAsync("run", "--rm", "--dns", "10.9.8.7", "busybox", "grep", "^nameserver", "/etc/resolv.conf"));
    }

    /// <summary>Skips where the host cannot have a bridge, once the engine has said so in as many words.</summary>
    async Task BridgeAsync()
    {
        var probe = await Docker.RunAsync("run", "--rm", "busybox", "true");
        if (probe.Code == 0 && (await Docker.OkAsync("network", "ls", "-q", "--filter", "name=^bridge$")).Length > 0) return;
        if (Engine.IsStrake) Assert.Contains("bridge", probe.Error, StringComparison.Ordinal);
        Assert.Skip($"no bridge on this host: {probe.Error.Trim()}");
    }

    static async Task<string> FetchAsync(string port, string path)
    {
        // busybox' httpd is up a moment after its container: until then the connection is refused.
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var text = new StringBuilder();
        Exception? last = null;
        try
        {
            await Until.TrueAsync(
                async () =>
                {
                    try
                    {
                        text.Append(await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}{path}")));
                        return true;
                    }
                    catch (HttpRequestException refused)
                    {
                        last = refused;
                        return false;
                    }
                },
                "the published port answers", TimeSpan.FromSeconds(3));
        }
        catch (TimeoutException) when (last is not null)
        {
            throw last;
        }
        return text.ToString();
    }
}
