using System.Text.Json;
using Strake.Containers;
using Strake.Containers.Networks;
using Strake.Daemon.DockerApi;
using Strake.Images;

namespace Strake.Daemon.Tests.DockerApi;

public sealed class ContainerEncodingTests
{
    static readonly DateTimeOffset s_now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    static readonly ContainerEncoding s_encoding = new(new ContainerNetworks(bridge: null));

    static Container Sample(ContainerState? state = null) => new()
    {
        Id = new string('a', 64),
        Name = "web",
        Created = s_now.AddMinutes(-10),
        Path = "sh",
        Args = ["-c", "echo hello world"],
        Config = new ContainerConfig { Image = "busybox" },
        Host = new HostSettings(),
        Network = new ContainerNetwork(NetworkSettings.None)
        {
            Endpoints = new Dictionary<string, NetworkEndpoint> { ["bridge"] = new() { NetworkId = "n", IPAddress = "172.17.0.2", IPPrefixLen = 16 } },
            Ports = new Dictionary<string, IReadOnlyList<PortBinding>?> { ["80/tcp"] = [new PortBinding("", "8080")], ["53/udp"] = null },
        },
        State = state ?? new ContainerState { Status = ContainerStatus.Running, Pid = 7, StartedAt = s_now.AddMinutes(-5) },
        ImageId = new ImageId(Digest.Of("config"u8)),
        ImageReference = "busybox",
        Mounts = [new MountPoint { Type = "tmpfs", Destination = "/t", RW = true }],
        LogPath = "/l",
        HostnamePath = "/n",
        HostsPath = "/h",
        ResolvConfPath = "/r",
        Driver = "overlay2",
        LayerId = "x",
    };

    [Fact]
    public void Inspect_has_no_null_where_docker_has_none()
    {
        JsonElement body = JsonSerializer.SerializeToElement(s_encoding.Inspect(Sample(), size: null), DockerJson.Plain.ContainerBody);
        JsonElement host = body.GetProperty("HostConfig");
        Assert.Equal("json-file", host.GetProperty("LogConfig").GetProperty("Type").GetString());
        Assert.Equal("no", host.GetProperty("RestartPolicy").GetProperty("Name").GetString());
        Assert.Equal("default", host.GetProperty("NetworkMode").GetString());
        string[] nullable =
        [
            "Binds", "VolumesFrom", "CapAdd", "CapDrop", "ExtraHosts", "GroupAdd", "SecurityOpt", "StorageOpt", "Tmpfs", "Sysctls", "Annotations",
            "DeviceCgroupRules", "MemorySwappiness", "OomKillDisable", "PidsLimit", "Mounts", "MaskedPaths", "ReadonlyPaths", "Init",
        ];
        IEnumerable<string> nulls = host.EnumerateObject().Where(member => member.Value.ValueKind is JsonValueKind.Null).Select(member => member.Name);
        Assert.Empty(nulls.Except(nullable));
        Assert.Equal(JsonValueKind.Object, body.GetProperty("Config").GetProperty("Labels").ValueKind);
        Assert.Equal("", body.GetProperty("Config").GetProperty("User").GetString());
    }

    [Fact]
    public void Inspect_tells_addresses_twice_as_of_old()
    {
        JsonElement body = JsonSerializer.SerializeToElement(s_encoding.Inspect(Sample(), new ContainerSize(0, 5)), DockerJson.Plain.ContainerBody);
        JsonElement network = body.GetProperty("NetworkSettings");
        Assert.Equal("172.17.0.2", network.GetProperty("IPAddress").GetString());
        Assert.Equal("172.17.0.2", network.GetProperty("Networks").GetProperty("bridge").GetProperty("IPAddress").GetString());
        Assert.Equal(0, body.GetProperty("SizeRw").GetInt64());
        Assert.Equal("/web", body.GetProperty("Name").GetString());
        Assert.Equal("0001-01-01T00:00:00Z", body.GetProperty("State").GetProperty("FinishedAt").GetString());
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData("host", "host")]
    [InlineData(null, "none")]
    [InlineData("default", "none")]
    [InlineData("container:abc", null)]
    public void A_container_that_does_not_run_is_shown_on_the_network_that_it_will_be_on(string? mode, string? network)
    {
        Container container = Sample() with { Network = new ContainerNetwork(NetworkSettings.None), Host = new HostSettings { NetworkMode = mode } };
        IReadOnlyDictionary<string, EndpointBody> endpoints = s_encoding.Endpoints(container);
        Assert.Equal(network is null ? [] : [network], endpoints.Keys);
        Assert.All(endpoints.Values, endpoint => Assert.Equal(("", 64), (endpoint.EndpointID, endpoint.NetworkID.Length)));
    }

    [Fact]
    public void A_row_has_dockers_words()
    {
        ContainerSummaryBody row = s_encoding.Summary(Sample(), s_now, size: null);
        Assert.Equal("sh -c 'echo hello world'", row.Command);
        Assert.Equal("Up 5 minutes", row.Status);
        Assert.Equal(["/web"], row.Names);
        Assert.Equal(["80->8080/tcp at 0.0.0.0", "53->0/udp at "], row.Ports.Select(port => $"{port.PrivatePort}->{port.PublicPort}/{port.Type} at {port.IP}"));
    }

    public static TheoryData<ContainerStatus, int, string> States => new()
    {
        { ContainerStatus.Created, 0, "Created" },
        { ContainerStatus.Running, 0, "Up 2 hours" },
        { ContainerStatus.Paused, 0, "Up 2 hours (Paused)" },
        { ContainerStatus.Restarting, 1, "Restarting (1) About an hour ago" },
        { ContainerStatus.Exited, 137, "Exited (137) About an hour ago" },
        { ContainerStatus.Removing, 0, "Removal In Progress" },
        { ContainerStatus.Dead, 0, "Dead" },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Each_state_has_dockers_words(ContainerStatus status, int code, string words) => Assert.Equal(
        words,
        ContainerStatusText.Of(new ContainerState { Status = status, ExitCode = code, StartedAt = s_now.AddHours(-2), FinishedAt = s_now.AddHours(-1) }, s_now));

    [Fact]
    public void A_create_body_is_a_config_with_two_members_more()
    {
        ContainerCreateBody? body = JsonSerializer.Deserialize(
            """{"Image":"busybox","cmd":"true","HostConfig":{"Memory":5,"Sysctls":null,"BlkioWeight":3},"NetworkingConfig":{"EndpointsConfig":{}},"Healthcheck":{"Test":["NONE"]}}""",
            DockerJson.Plain.ContainerCreateBody);
        Assert.Equal(["true"], body!.Cmd);
        Assert.Equal(5, body.HostConfig!.Memory);
        Assert.Equal(["BlkioWeight"], body.HostConfig.Unsupported!.Keys);
        Assert.Equal(["Healthcheck"], body.Unsupported!.Keys);
    }
}
