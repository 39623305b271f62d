using System.Text.Json;
using Strake.Containers.Oci;
using Strake.Containers.Spec;
using Strake.Images;

namespace Strake.Containers.Tests.Spec;

/// <summary>
/// Compares specs with files beside this one. To accept a change, run with STRAKE_ACCEPT=1 and look at what git shows.
/// </summary>
public sealed class SpecTests
{
    static readonly HostFeatures Features = new()
    {
        Machine = "x86_64",
        Hostname = "host",
        Capabilities = Capabilities.Of(ulong.MaxValue).ToHashSet(),
        HardLimits = new Dictionary<string, ulong> { ["nofile"] = 4096 },
        Cgroups = new CgroupHierarchies(IsUnified: true, [new CgroupRoot("/sys/fs/cgroup", [])], UnifiedBeside: null),
        SwapAccounting = true,
    };

    static Container Plain => new()
    {
        Id = new string('a', 64),
        Name = "plain",
        Created = DateTimeOffset.UnixEpoch,
        Path = "/bin/sh",
        Args = ["-c", "true"],
        Config = new ContainerConfig { Hostname = "aaaaaaaaaaaa", Env = ["A=b"] },
        Host = new HostSettings { NetworkMode = "none" },
        Network = new ContainerNetwork(NetworkSettings.None),
        State = new ContainerState(),
        ImageId = new ImageId(Digest.Of([])),
        ImageReference = "image",
        Mounts = [],
        LogPath = "/data/log",
        HostnamePath = "/data/hostname",
        HostsPath = "/data/hosts",
        ResolvConfPath = "/data/resolv.conf",
        Driver = "overlay2",
        LayerId = "layer",
    };

    [Fact]
    public void A_plain_containers_spec_is_Dockers() => Verify("plain", Input(Plain));

    [Fact]
    public void A_spec_with_everything_has_everything() => Verify("full", Input(Plain with
    {
        Config = new ContainerConfig { Hostname = "box", Domainname = "example.org", Tty = true, WorkingDir = "/work//dir/", Env = ["PATH=/own", "HOME=/elsewhere"] },
        Host = new HostSettings
        {
            NetworkMode = "none",
            CapAdd = ["NET_ADMIN"],
            CapDrop = ["CAP_MKNOD"],
            ReadonlyRootfs = true,
            SecurityOpt = ["no-new-privileges"],
            Memory = 100 << 20,
            MemorySwap = 200 << 20,
            NanoCpus = 1_500_000_000,
            CpusetCpus = "0-1",
            PidsLimit = 10,
            Ulimits = [new Ulimit("nofile", -1, 100)],
            Sysctls = new Dictionary<string, string> { ["net.core.somaxconn"] = "1" },
            ShmSize = 1 << 20,
            Tmpfs = new Dictionary<string, string> { ["/run"] = "size=1k" },
            DeviceCgroupRules = ["c 42:* rm"],
            Annotations = new Dictionary<string, string> { ["note"] = "value" },
            OomScoreAdj = 100,
            ConsoleSize = [24, 80],
        },
        Mounts =
        [
            new MountPoint { Type = "volume", Name = "v", Source = "/volumes/v", Destination = "/data", RW = true },
            new MountPoint { Type = "bind", Source = "/etc/hosts", Destination = "/etc/hosts", RW = false, Propagation = "rslave" },
        ],
    }) with
    {
        User = new ContainerUser(1000, 100, [5, 6], "/home/jane"),
        Devices = [new HostDevice(new OciDevice("/dev/fuse", "c", 10, 229, 0b110_110_110, 0, 0), "rw")],
    });

    [Fact]
    public void A_privileged_spec_has_all_and_hides_nothing() => Verify("privileged", Input(Plain with
    {
        Host = new HostSettings { NetworkMode = "host", Privileged = true, PidMode = "host", IpcMode = "host", UTSMode = "host" },
    }));

    [Fact]
    public void Capabilities_decide_what_seccomp_allows()
    {
        OciSeccomp standard = SeccompProfile.Default(Capabilities.Default, "x86_64");
        OciSeccomp admin = SeccompProfile.Default([.. Capabilities.Default, "CAP_SYS_ADMIN"], "x86_64");

        Assert.DoesNotContain("mount", standard.Syscalls[0].Names);
        Assert.DoesNotContain("io_uring_setup", standard.Syscalls[0].Names);
        Assert.Contains("arch_prctl", standard.Syscalls[0].Names);
        Assert.Contains(standard.Syscalls, static rule => rule is { Names: ["clone3"], ErrnoRet: 38 });
        Assert.Contains("mount", admin.Syscalls[0].Names);
        Assert.DoesNotContain(admin.Syscalls, static rule => rule.Names is ["clone3"]);
        Assert.DoesNotContain("arch_prctl", SeccompProfile.Default(Capabilities.Default, "aarch64").Syscalls[0].Names);
    }

    [Theory]
    [InlineData("{}", ErrorKind.Invalid)]
    [InlineData("nonsense", ErrorKind.Invalid)]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","archMap":[],"syscalls":[]}""", ErrorKind.NotSupported)]
    public void A_profile_that_would_mean_something_else_is_refused(string json, ErrorKind kind) =>
        Assert.Equal(kind, Assert.Throws<StrakeException>(() => SeccompProfile.Choose(json, [], "x86_64")).Kind);

    [Fact]
    public void A_profile_that_is_given_is_taken() =>
        Assert.Equal("SCMP_ACT_ALLOW", SeccompProfile.Choose("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[]}""", [], "x86_64")!.DefaultAction);

    [Theory]
    [InlineData("ALL", "", 41)]
    [InlineData("", "ALL", 0)]
    [InlineData("NET_ADMIN", "ALL", 1)]
    [InlineData("all", "net_raw", 40)]
    [InlineData("", "", 14)]
    public void Capabilities_are_added_and_dropped(string add, string drop, int count) =>
        Assert.Equal(count, Capabilities.Choose(Words(add), Words(drop), privileged: false, [.. Features.Capabilities]).Count);

    [Fact]
    public void A_capability_that_is_none_or_not_to_be_had_is_refused()
    {
        Assert.Throws<StrakeException>(() => Capabilities.Choose(["FLY"], [], false, [.. Features.Capabilities]));
        Assert.Throws<StrakeException>(() => Capabilities.Choose(["SYS_RESOURCE"], [], false, ["CAP_CHOWN"]));
        Assert.Equal(["CAP_CHOWN"], Capabilities.Choose(["ALL"], [], false, ["CAP_CHOWN"]));
    }

    [Theory]
    [InlineData("kernel.panic")]
    [InlineData("net.ipv4.ip_forward", "host")]
    [InlineData("vm/swappiness")]
    public void A_parameter_of_the_host_is_refused(string name, string network = "none")
    {
        var host = new HostSettings { NetworkMode = network, Sysctls = new Dictionary<string, string> { [name] = "1" } };

        Assert.Equal($"sysctl \"{name}\" is not in a separate kernel namespace", Assert.Throws<StrakeException>(() => ResourceRules.Adapt(host, Features, [])).Message);
    }

    [Fact]
    public void Limits_that_the_engine_cannot_raise_are_refused_and_not_tried()
    {
        var host = new HostSettings { Ulimits = [new Ulimit("nofile", 8192, 1024)] };
        HostFeatures weak = Features with { Capabilities = new HashSet<string>() };

        Assert.Contains("CAP_SYS_RESOURCE", Assert.Throws<StrakeException>(() => ResourceRules.Adapt(host, weak, [])).Message, StringComparison.Ordinal);
        ResourceRules.Adapt(host, Features, []);
    }

    [Fact]
    public void Swap_that_the_kernel_does_not_count_is_left_out_with_a_warning()
    {
        List<string> warnings = [];

        HostSettings adapted = ResourceRules.Adapt(new HostSettings { Memory = 64 << 20 }, Features with { SwapAccounting = false }, warnings);

        Assert.Equal(0, adapted.MemorySwap);
        Assert.Single(warnings);
        Assert.Equal(128 << 20, ResourceRules.Adapt(new HostSettings { Memory = 64 << 20 }, Features, []).MemorySwap);
    }

    [Theory]
    [InlineData("10", 10L)]
    [InlineData("10k", 10L << 10)]
    [InlineData("1.5m", 3L << 19)]
    [InlineData("2GB", 2L << 30)]
    [InlineData("1kib", 1L << 10)]
    [InlineData("", null)]
    [InlineData("x", null)]
    [InlineData("-1", null)]
    public void Sizes_are_read_as_users_write_them(string text, long? bytes) => Assert.Equal(bytes, ByteSize.TryParse(text));

    static SpecInput Input(Container container) => new()
    {
        Container = container,
        User = new ContainerUser(0, 0, [10], "/root"),
        Features = Features,
        RootPath = "/run/root",
        CgroupPath = "/strake/" + container.Id,
    };

    static string[] Words(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    static void Verify(string name, SpecInput input)
    {
        OciSpec spec = SpecBuilder.Build(input);
        // The names of the allow list have their own test; here they would fill the files.
        if (spec.Linux.Seccomp is { } seccomp)
            spec = spec with { Linux = spec.Linux with { Seccomp = seccomp with { Syscalls = [.. seccomp.Syscalls.Skip(1)] } } };
        using JsonDocument document = JsonDocument.Parse(OciJson.Write(spec));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
            document.WriteTo(writer);
        string actual = System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";

        string path = Path.Combine(SourceFolder(), name + ".json");
        if (Environment.GetEnvironmentVariable("STRAKE_ACCEPT") == "1")
            File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }

    static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
