using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;
using Strake.Kubernetes.Storage;
using Strake.Kubernetes.Tests.Controllers;
using Strake.Volumes;

namespace Strake.Kubernetes.Tests.Storage;

/// <summary>Claims' storage over real volumes in a temporary folder; it can be opened again, as after a restart.</summary>
sealed class StorageFixture : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-claims-").FullName;
    readonly MemoryStateStore state = new();

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public MemoryObjectStore Objects { get; } = new();

    public VolumeStore Volumes { get; private set; } = null!;

    public ServedStorage Served { get; private set; } = null!;

    public ClaimStorage Storage { get; private set; } = null!;

    public IStateStore State => state;

    public static async Task<StorageFixture> OpenAsync()
    {
        var opened = new StorageFixture();
        await opened.ReopenAsync();
        return opened;
    }

    /// <summary>Opens all anew, as the next process does.</summary>
    public async Task ReopenAsync(IStateStore? other = null)
    {
        IStateStore with = other ?? state;
        string root = Path.Combine(folder, "volumes");
        Volumes = await VolumeStore.OpenAsync(new VolumeStoreOptions(with, [new LocalDriver(root)], TimeProvider.System), Cancel);
        Served = new StrakeCsi(new StrakeCsiOptions(Volumes, with, root, "node", "test", TimeProvider.System)).Storage;
        Storage = new ClaimStorage(new StorageOptions(Volumes, with, Objects, Served, Path.Combine(folder, "secrets")));
    }

    public static Claim Claim(string name = "data", string uid = "0a1b2c3d-1", AccessModes modes = AccessModes.ReadWriteOnce) => Given.Claim(name) with
    {
        Metadata = Given.Meta(name) with { Uid = uid },
        AccessModes = modes,
        Request = Given.Size("64Mi"),
        ClassName = "fast",
    };

    // Named, so that the tests are of the same storage on every host.
    public static ProvisionPlan Plan(Claim claim, string parameter = "image") =>
        ProvisionPlan.Of(claim, Given.Class("fast") with { Parameters = TextMap.Of(("backend", parameter)), AllowExpansion = true });

    /// <summary>The PersistentVolume as it is once its claim is bound.</summary>
    public static PersistentVolume VolumeOf(ProvisionPlan plan, MadeStorage made) =>
        PersistentVolume.Read(System.Text.Json.JsonSerializer.SerializeToElement(ProvisionedVolume.Document(plan, made), RecordJson.Default.JsonObject)) with { Phase = VolumePhase.Bound };

    public async Task<string[]> NamesAsync() => [.. (await Volumes.ListAsync(Cancel)).Select(static volume => volume.Name)];

    /// <summary>What is kept of claims' storage, wherever it is kept.</summary>
    public async Task<string[]> LeftoversAsync()
    {
        // The record of a volume that is gone goes when somebody asks for its name.
        foreach (StateEntry entry in await state.RangeAsync("volume/", Cancel)) await Volumes.FindAsync(entry.Key["volume/".Length..], Cancel);
        List<string> left = [];
        foreach (string prefix in (string[])["claim-storage", "csi-served", "volume/", "volume-use/"])
            left.AddRange((await state.RangeAsync(prefix, Cancel)).Select(static entry => entry.Key));
        string root = Path.Combine(folder, "volumes");
        if (Directory.Exists(root)) left.AddRange(Directory.EnumerateFileSystemEntries(root));
        return [.. left];
    }

    public string MakeFolder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    public async ValueTask DisposeAsync()
    {
        foreach (VolumeUse use in await Volumes.Uses.AllAsync(CancellationToken.None))
            if (use.Mounted) await Volumes.Uses.UnmountAsync(use.Volume, use.Attachment.Holder, CancellationToken.None);
        await state.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
