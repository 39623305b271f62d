using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Strake.Containers;
using Strake.Daemon.Server;
using Strake.Images;
using Strake.Volumes;

namespace Strake.Daemon.DockerApi;

/// <summary>What the engine is: ping, version, info.</summary>
/// <param name="images">The images, to be counted.</param>
/// <param name="containers">The containers, to be counted.</param>
/// <param name="plugins">The volume drivers that are programs of others, to be named.</param>
/// <param name="csi">The drivers of the Container Storage Interface, to be named.</param>
/// <param name="journal">The events, whose readers are counted.</param>
/// <param name="daemon">What the daemon tells of itself.</param>
/// <param name="time">The clock.</param>
sealed class SystemRoutes(
    ImageStore images, ContainerEngine containers, PluginDrivers plugins, CsiDrivers csi, EventJournal journal, DaemonDescription daemon, TimeProvider time)
{
    readonly Lazy<HostFacts> host = new(() => new HostFacts());

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", "/_ping", PingAsync),
        new("HEAD", "/_ping", PingAsync),
        new("GET", "/version", VersionAsync),
        new("GET", "/info", InfoAsync),
    ];

    // The first call of every client: from its headers it takes the version that it will speak.
    static Task PingAsync(Exchange exchange)
    {
        IHeaderDictionary headers = exchange.Http.Response.Headers;
        headers.CacheControl = "no-cache, no-store, must-revalidate";
        headers.Pragma = "no-cache";
        // 1: the classic builder. With 2 the client would ask for BuildKit.
        headers["Builder-Version"] = "2";
        headers["Swarm"] = "inactive";
        if (!HttpMethods.IsHead(exchange.Http.Request.Method)) return exchange.WriteTextAsync("OK");
        headers.ContentLength = 0;
        headers.ContentType = "text/plain; charset=utf-8";
        return Task.CompletedTask;
    }

    async Task VersionAsync(Exchange exchange)
    {
        string kernel = host.Value.Name.Release;
        string runtime = RuntimeInformation.FrameworkDescription;
        var details = new Dictionary<string, string>
        {
            ["ApiVersion"] = ApiVersion.Newest.ToString(),
            ["Arch"] = host.Value.GoArchitecture,
            ["Experimental"] = "true",
            ["GitCommit"] = Product.Commit,
            ["GoVersion"] = runtime,
            ["KernelVersion"] = kernel,
            ["MinAPIVersion"] = ApiVersion.Oldest.ToString(),
            ["Os"] = "linux",
        };
        var body = new VersionBody
        {
            Platform = new($"Strake {Product.Version}"),
            Components = [new("Engine", Product.Version, details)],
            Version = Product.Version,
            ApiVersion = ApiVersion.Newest.ToString(),
            MinAPIVersion = ApiVersion.Oldest.ToString(),
            GitCommit = Product.Commit,
            GoVersion = runtime,
            Os = "linux",
            Arch = host.Value.GoArchitecture,
            KernelVersion = kernel,
            BuildTime = "",
        };
        await exchange.WriteJsonAsync(body, DockerJson.Plain.VersionBody);
    }

    async Task InfoAsync(Exchange exchange)
    {
        IReadOnlyList<Container> all = await containers.ListAsync(exchange.Aborted);
        int imageCount = (await images.ListAsync(new ImageQuery { All = true }, exchange.Aborted)).Count;
        HostFacts facts = host.Value;
        var body = new InfoBody
        {
            ID = HostFacts.IdOf(daemon.DataRoot),
            Containers = all.Count,
            ContainersRunning = all.Count(container => container.State.Status is ContainerStatus.Running or ContainerStatus.Restarting),
            ContainersPaused = all.Count(container => container.State.Status is ContainerStatus.Paused),
            ContainersStopped = all.Count(container => !container.State.IsRunning && container.State.Status is not ContainerStatus.Restarting),
            Images = imageCount,
            Driver = daemon.Driver,
            DriverStatus = [.. daemon.DriverStatus().Select(pair => (string[])[pair.Key, pair.Value])],
            Plugins = new(["local", .. csi.All.Select(static driver => driver.Name), .. plugins.Names()], ["bridge", "host", "null"], null, ["json-file", "none"]),
            MemoryLimit = facts.HasController("memory"),
            SwapLimit = facts.HasController("memory") && facts.HasControllerFile("memory", "memory.memsw.limit_in_bytes"),
            CpuCfsPeriod = facts.HasController("cpu"),
            CpuCfsQuota = facts.HasController("cpu"),
            CPUShares = facts.HasController("cpu"),
            CPUSet = facts.HasController("cpuset"),
            PidsLimit = facts.HasController("pids"),
            OomKillDisable = facts.CgroupVersion is "1" && facts.HasController("memory"),
            IPv4Forwarding = HostFacts.IPv4Forwarding,
            Debug = daemon.Debug,
            NFd = HostFacts.OpenDescriptors,
            NGoroutines = ThreadPool.ThreadCount,
            SystemTime = DockerTime.Format(time.GetUtcNow()),
            CgroupVersion = facts.CgroupVersion,
            NEventsListener = journal.Readers,
            KernelVersion = facts.Name.Release,
            OperatingSystem = facts.OperatingSystem,
            OSVersion = facts.OperatingSystemVersion,
            Architecture = facts.Name.Machine,
            RegistryConfig = daemon.Registries,
            NCPU = Environment.ProcessorCount,
            MemTotal = facts.MemoryBytes,
            DockerRootDir = daemon.DataRoot,
            Name = facts.Name.Node,
            Labels = daemon.Labels,
            ServerVersion = Product.Version,
            Runtimes = daemon.Runtimes.ToDictionary(runtime => runtime.Key, runtime => new RuntimeBody(runtime.Value), StringComparer.Ordinal),
            DefaultRuntime = daemon.DefaultRuntime,
            ContainerdCommit = new(""),
            RuncCommit = new(""),
            InitCommit = new(""),
            SecurityOptions = ["name=seccomp,profile=builtin"],
            Warnings =
            [
                .. HostFacts.IPv4Forwarding ? Array.Empty<string>() : ["WARNING: IPv4 forwarding is disabled"],
                .. daemon.DriverWarnings.Select(static warning => $"WARNING: {warning}"),
            ],
        };
        await exchange.WriteJsonAsync(body, DockerJson.Plain.InfoBody);
    }
}
