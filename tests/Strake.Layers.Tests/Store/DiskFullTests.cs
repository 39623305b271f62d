using System.Security.Cryptography;
using Strake.Images;
using Strake.Linux;

namespace Strake.Layers.Tests.Store;

/// <summary>A data root on a file system that is too small.</summary>
public sealed class DiskFullTests
{
    const long DiskBytes = 8 << 20;

    public static TheoryData<string> Drivers => ["overlay2", "vfs"];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_layer_that_does_not_fit_is_refused_leaves_nothing_and_the_store_goes_on(string driver)
    {
        await using var world = WorldOn(driver);
        using var disk = new Mount("tmpfs", "tmpfs", world.DataRoot, Data: $"size={DiskBytes}").Attach();
        await using var store = await world.OpenAsync();
        var free = Syscall.StatFs(world.DataRoot).FreeBytes;

        var large = TestLayer.Of("large=" + Convert.ToHexString(RandomNumberGenerator.GetBytes((int)DiskBytes)));
        var error = await Assert.ThrowsAsync<StrakeException>(() => world.LoadAsync(store, "image/1", TestLayer.Of("small"), large));
        Assert.Equal(ErrorKind.Exhausted, error.Kind);
        await world.AssertEmptyAsync(store);
        Assert.InRange(await FreeBytesAsync(world.DataRoot, free - (64 << 10)), free - (64 << 10), free + (64 << 10));

        var chain = await world.LoadAsync(store, "image/2", TestLayer.Of("small"));
        Assert.Equal("small=small", await world.ContentAsync(store, chain));
        await LayerStoreWorld.AssertSoundAsync(store);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public async Task A_commit_that_does_not_fit_is_refused_and_the_container_keeps_what_it_has(string driver)
    {
        await using var world = WorldOn(driver);
        using var disk = new Mount("tmpfs", "tmpfs", world.DataRoot, Data: $"size={DiskBytes}").Attach();
        await using var store = await world.OpenAsync();
        var layer = await store.CreateWritableAsync(null, "container/1", null, Stop);
        using (var mount = store.Mount(layer, LayerAccess.ReadWrite, world.NewTarget()))
            await File.WriteAllBytesAsync($"{mount.Target}/large", RandomNumberGenerator.GetBytes((int)DiskBytes / 2 + (1 << 20)), Stop);

        await using (var ingest = store.BeginIngest())
            Assert.Equal(ErrorKind.Exhausted, (await Assert.ThrowsAsync<StrakeException>(() => store.CommitAsync(layer.Id, ingest, Stop))).Kind);

        await LayerStoreWorld.AssertSoundAsync(store);
        Assert.Equal([layer.Id], world.Driver.List());
        Assert.Equal(DiskBytes / 2 + (1 << 20), store.Measure(layer).SizeBytes);
    }

    // A child process that a test beside this one begins has our open files, too, until its program runs.
    static async Task<long> FreeBytesAsync(string path, long atLeast)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var tries = 0; tries < 250 && Syscall.StatFs(path).FreeBytes < atLeast; tries++) await tick.WaitForNextTickAsync(Stop);
        return Syscall.StatFs(path).FreeBytes;
    }

    static LayerStoreWorld WorldOn(string driver) =>
        new(dataRoot => string.Equals(driver, "vfs", StringComparison.Ordinal) ? new VfsDriver(dataRoot) : new Overlay2Driver(dataRoot));
}
