using System.Collections.Concurrent;
using System.Text;
using Strake.Containers.Networks;
using Strake.Images;
using Strake.Layers;
using Strake.Linux;
using Strake.State.Sqlite;
using Strake.Volumes;

namespace Strake.Containers.Tests.Engine;

/// <summary>An engine with real stores, conmon and runtime, on folders of its own, and an image <c>busybox</c>.</summary>
sealed class EngineHost : IAsyncDisposable
{
    readonly string root;
    readonly string? runtime;
    SqliteStateStore? state;
    LayerStore? layers;

    EngineHost(string root, string? runtime)
    {
        this.root = root;
        this.runtime = runtime;
    }

    public ContainerEngine Engine { get; private set; } = null!;

    public ImageStore Images { get; private set; } = null!;

    public VolumeStore Volumes { get; private set; } = null!;

    public LayerStore Layers => layers!;

    public ConcurrentQueue<EngineEvent> Events { get; } = new();

    public string DataRoot => $"{root}/data";

    public string ExecRoot => $"{root}/run";

    public string CgroupParent => "/strake-test-" + Path.GetFileName(root);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<EngineHost> StartAsync(string? runtime = null)
    {
        var host = new EngineHost(Directory.CreateTempSubdirectory("strake-test-").FullName, runtime);
        Directory.CreateDirectory(host.DataRoot);
        await host.OpenAsync();
        using MemoryStream tar = BusyboxTar.Make();
        await host.Images.ImportAsync(tar, new ImageImport { Reference = ImageReference.Parse("busybox").OrLatest(), Change = defaults => defaults with { Cmd = ["sh"] } }, progress: null, Token);
        return host;
    }

    /// <summary>What a restart of the daemon does: everything is closed and opened again on the same folders.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async Task CloseAsync()
    {
        await Engine.DisposeAsync();
        await layers!.DisposeAsync();
        await state!.DisposeAsync();
    }

    public async Task OpenAsync()
    {
        state = SqliteStateStore.Open(new SqliteStateOptions($"{DataRoot}/strake.db"));
        layers = await LayerStore.OpenAsync(new LayerStoreOptions { DataRoot = DataRoot, Driver = new Overlay2Driver(DataRoot), State = state }, Token);
        Images = await ImageStore.OpenAsync(new ImageStoreOptions { Directory = $"{DataRoot}/image", State = state, Layers = layers }, Token);
        Volumes = await VolumeStore.OpenAsync(new VolumeStoreOptions(state, [new LocalDriver($"{DataRoot}/volumes")], TimeProvider.System), Token);
        Engine = await ContainerEngine.OpenAsync(
            new ContainerEngineOptions
            {
                DataRoot = DataRoot,
                ExecRoot = ExecRoot,
                State = state,
                Layers = layers,
                Images = Images,
                Volumes = Volumes,
                Networks = new ContainerNetworks(bridge: null),
                Events = Events.Enqueue,
                Runtime = runtime,
                CgroupParent = CgroupParent,
                Logger = new TestLogger(),
            },
            Token);
    }

    public Task<CreatedContainer> CreateAsync(string[] command, Func<ContainerConfig, ContainerConfig>? config = null, Func<HostSettings, HostSettings>? host = null, string? name = null)
    {
        var plain = new ContainerConfig { Image = "busybox", Cmd = command };
        var settings = new HostSettings { NetworkMode = "none" };
        return Engine.CreateAsync(
            new ContainerRequest(name, config?.Invoke(plain) ?? plain, host?.Invoke(settings) ?? settings, NetworkSettings.None), Token);
    }

    /// <summary>Creates, attaches, starts and waits, as <c>docker run</c> does.</summary>
    public async Task<RunResult> RunAsync(
        string[] command, Func<ContainerConfig, ContainerConfig>? config = null, Func<HostSettings, HostSettings>? host = null, Stream? input = null)
    {
        CreatedContainer created = await CreateAsync(command, config, host);
        var client = new Collector(input);
        Task session = Engine.AttachAsync(
            created.Id, new AttachOptions { Stream = true, Stdin = input is not null, Stdout = true, Stderr = true }, client, ready: null, Token);
        Task<ContainerExit> exit = Engine.WaitAsync(created.Id, WaitCondition.NextExit, Token);
        await Engine.StartAsync(created.Id, Token);
        ContainerExit ended = await exit.WaitAsync(TimeSpan.FromSeconds(60), Token);
        await session.WaitAsync(TimeSpan.FromSeconds(60), Token);
        return new RunResult(created.Id, ended.Code, client.Output, client.Errors);
    }

    /// <summary>Starts a container that goes on running.</summary>
    public async Task<string> StartDetachedAsync(string[] command, Func<ContainerConfig, ContainerConfig>? config = null, Func<HostSettings, HostSettings>? host = null, string? name = null)
    {
        CreatedContainer created = await CreateAsync(command, config, host, name);
        await Engine.StartAsync(created.Id, Token);
        return created.Id;
    }

    /// <summary>Runs a further process and gives its exit code and output.</summary>
    public async Task<(int Code, string Output, string Errors)> ExecAsync(string id, string[] command, Func<ExecRequest, ExecRequest>? change = null, Stream? input = null)
    {
        var request = new ExecRequest { Cmd = command, AttachStdin = input is not null, AttachStdout = true, AttachStderr = true };
        string exec = await Engine.CreateExecAsync(id, change?.Invoke(request) ?? request, Token);
        var client = new Collector(input);
        await Engine.StartExecAsync(exec, new ExecStart(), client, ready: null, Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
        return (Engine.GetExec(exec).ExitCode!.Value, client.Output, client.Errors);
    }

    /// <summary>What is wrong after everything was removed: nothing may be.</summary>
    public async Task AssertNothingIsLeftAsync()
    {
        foreach (Container container in await Engine.ListAsync(Token))
            await Engine.RemoveAsync(container.Id, new RemoveOptions(Force: true, Volumes: true), Token);
        Assert.Empty(await Engine.CheckAsync(Token));
        Assert.Empty(Directory.EnumerateDirectories($"{ExecRoot}/containers"));
        Assert.Empty(Directory.EnumerateFiles($"{ExecRoot}/exits"));
        Assert.DoesNotContain(Directory.EnumerateDirectories($"{ExecRoot}/runtime"), static path => !Path.GetFileName(path).StartsWith('.'));
        Assert.Empty(Directory.EnumerateDirectories($"{DataRoot}/containers"));
        Assert.Empty(MountTable.Below(root));
        Assert.Empty(await Layers.CheckAsync(new HashSet<string>(), Token));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Container container in await Engine.ListAsync(CancellationToken.None))
            await Engine.RemoveAsync(container.Id, new RemoveOptions(Force: true, Volumes: true), CancellationToken.None);
        await CloseAsync();
        foreach (string hierarchy in Directory.EnumerateDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup"))
        {
            if (Directory.Exists(hierarchy + CgroupParent))
                Directory.Delete(hierarchy + CgroupParent);
        }

        TreeRemoval.Remove(root, CancellationToken.None);
    }

    /// <summary>A client that keeps what it is sent.</summary>
    public sealed class Collector(Stream? input) : IStreamClient
    {
        readonly MemoryStream output = new();
        readonly MemoryStream errors = new();

        public Stream? Input => input;

        public long OutputBytes => output.Length;

        public string Output => Encoding.UTF8.GetString(output.ToArray());

        public string Errors => Encoding.UTF8.GetString(errors.ToArray());

        public ValueTask WriteAsync(ContainerStream kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            (kind == ContainerStream.Stderr ? errors : output).Write(data.Span);
            return ValueTask.CompletedTask;
        }
    }
}
