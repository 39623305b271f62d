using System.Diagnostics;
using Strake.Images;
using Strake.Layers.Tests.Store;
using Strake.State.Sqlite;

namespace Strake.Layers.Tests.Kill;

/// <summary>
/// This test program started once more, to live a daemon's life on a folder and to die of a fault point: load images, run a container,
/// commit it, remove it, run another and seal it, remove an image.
/// </summary>
static class DaemonChild
{
    const string Variable = "STRAKE_TEST_DAEMON";

    public static bool IsOne => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>Starts a child, and waits for its end.</summary>
    /// <param name="driver">The driver's name.</param>
    /// <param name="folder">What it works on.</param>
    /// <param name="fault">A variable of <see cref="FaultPoint"/> and its value.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>Whether it lived to its end.</returns>
    public static async Task<bool> RunAsync(string driver, string folder, (string Name, string Value) fault, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, Arguments) { UseShellExecute = false };
        start.Environment[Variable] = $"{driver}:{folder}";
        start.Environment[fault.Name] = fault.Value;
        using var child = Process.Start(start)!;
        await child.WaitForExitAsync(cancellationToken);
        return child.ExitCode == 0;
    }

    // dotnet wants the program's path; a program of its own does not.
    static string[] Arguments => string.Equals(Path.GetFileNameWithoutExtension(Environment.ProcessPath), "dotnet", StringComparison.Ordinal)
        ? [typeof(DaemonChild).Assembly.Location]
        : [];

    /// <summary>Starts a child in a user namespace of its own, in which users are themselves and root is nobody's, and waits for its end.</summary>
    /// <returns>Whether it lived to its end, and what it said if not.</returns>
    public static async Task<(bool Lived, string Error)> RunInUserNamespaceAsync(string driver, string folder, CancellationToken cancellationToken)
    {
        string[] arguments = ["--user", "--mount", "sh", "-c", "read line; exec \"$0\" \"$@\"", Environment.ProcessPath!, .. Arguments];
        var start = new ProcessStartInfo("unshare", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true };
        start.Environment[Variable] = $"{driver}:{folder}";
        using var child = Process.Start(start)!;
        await UntilInNamespaceAsync(child.Id, cancellationToken);
        foreach (var map in new[] { "uid_map", "gid_map" }) await File.WriteAllTextAsync($"/proc/{child.Id}/{map}", "0 0 65536", cancellationToken);
        await child.StandardInput.WriteLineAsync("go");
        var error = await child.StandardError.ReadToEndAsync(cancellationToken);
        await child.WaitForExitAsync(cancellationToken);
        return (child.ExitCode == 0, error);
    }

    static async Task UntilInNamespaceAsync(int process, CancellationToken cancellationToken)
    {
        var own = new FileInfo("/proc/self/ns/user").LinkTarget;
        while (string.Equals(new FileInfo($"/proc/{process}/ns/user").LinkTarget, own, StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
    }

    public static IStorageDriver DriverOf(string name, string dataRoot) => name switch
    {
        "overlay2" => new Overlay2Driver(dataRoot),
        "vfs" => new VfsDriver(dataRoot),
        "composefs" => new ComposefsDriver(dataRoot),
        "btrfs" => new BtrfsDriver(dataRoot),
        "zfs" => new ZfsDriver(dataRoot),
        "devicemapper" => new DeviceMapperDriver(dataRoot, new() { LoopDataBytes = 2L << 30, LoopMetadataBytes = 16 << 20, BaseSizeBytes = 256 << 20 }),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no driver of a kill test"),
    };

    public static string StateOf(string folder) => Path.Combine(folder, "strake.db");

    /// <summary>The child's part.</summary>
    public static async Task LiveAsync()
    {
        var parts = Environment.GetEnvironmentVariable(Variable)!.Split(':');
        var (driver, folder) = (parts[0], parts[1]);
        await using var state = SqliteStateStore.Open(new SqliteStateOptions(StateOf(folder)));
        await using var store = await LayerStore.OpenAsync(new LayerStoreOptions { DataRoot = folder, Driver = DriverOf(driver, folder), State = state });

        var below = TestLayer.Of("a=1", "d/", "d/b=2");
        var image = await LoadAsync(store, state, "image/1", below, TestLayer.Of(".wh.a", "link->d/b"));
        var other = await LoadAsync(store, state, "image/2", below, TestLayer.Of("other"));

        var layer = await store.CreateWritableAsync(image, "container/1", null);
        var target = Directory.CreateDirectory(Path.Combine(folder, "rootfs")).FullName;
        store.Mount(layer, LayerAccess.ReadWrite, target).Release();
        await File.WriteAllTextAsync(Path.Combine(target, "written"), "1");
        store.Unmount(target);
        await using (var ingest = store.BeginIngest())
        {
            var made = await store.CommitAsync(layer.Id, ingest);
            await ReferAsync(state, made.Chain, "image/3");
        }

        await store.RemoveWritableAsync(layer.Id);
        await SealAsync(store, state, image, target);
        await state.CommitAsync(new StateTransaction().Delete(LayerReference.Key(other, "image/2")));
        await store.CollectAsync([other], CancellationToken.None);
    }

    static async Task SealAsync(LayerStore store, IStateStore state, ChainId image, string target)
    {
        var layer = await store.CreateWritableAsync(image, "container/2", null);
        store.Mount(layer, LayerAccess.ReadWrite, target).Release();
        await File.WriteAllTextAsync(Path.Combine(target, "step"), "1");
        store.Unmount(target);
        await using (var ingest = store.BeginIngest())
        {
            var made = await store.SealAsync(layer.Id, ingest, latest: null);
            await ReferAsync(state, made!.Chain, "image/4");
        }

        if (await store.FindWritableAsync("container/2") is { } left) await store.RemoveWritableAsync(left.Id);
    }

    static async Task<ChainId> LoadAsync(LayerStore store, IStateStore state, string owner, params TestLayer[] layers)
    {
        await using var ingest = store.BeginIngest();
        var received = new List<ReceivedLayer>();
        foreach (var layer in layers) received.Add(await LayerStoreWorld.ReceiveAsync(ingest, layer));
        var chains = await ingest.CommitAsync(received, CancellationToken.None);
        await ReferAsync(state, chains[^1], owner);
        return chains[^1];
    }

    static async Task ReferAsync(IStateStore state, ChainId chain, string owner) =>
        await state.CommitAsync(new StateTransaction().Put(LayerReference.Key(chain, owner), default));
}
