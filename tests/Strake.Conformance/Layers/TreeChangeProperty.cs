using System.Globalization;
using Strake.Conformance.FileSystems;
using Strake.Layers;
using Strake.Layers.Archive;
using Strake.Linux;
using Xunit;

namespace Strake.Conformance.Layers;

/// <summary>
/// The law that holds for any tree and any change of it: changed through a driver, told as a layer's tar, and applied to the same parent again,
/// it is the same; and what is told as changed is what changed.
/// </summary>
public abstract class TreeChangeProperty : IDisposable
{
    // A stack grows case by case, and then a new one begins.
    const int MostLayers = 12;
    const int MostChanges = 14;

    // STRAKE_TEST_FACTOR=10 tries ten times as many: the full number of cases.
    static readonly int s_factor = int.Parse(Environment.GetEnvironmentVariable("STRAKE_TEST_FACTOR") ?? "1", CultureInfo.InvariantCulture);

    readonly string _folder;
    readonly IStorageDriver _driver;
    readonly string _target;
    readonly int _cases;

    /// <summary>Opens the driver on a new folder.</summary>
    /// <param name="fileSystem">Where.</param>
    /// <param name="open">Makes the driver; gets the data root.</param>
    /// <param name="cases">How many cases are tried, before the environment's factor.</param>
    protected TreeChangeProperty(ScratchFileSystem fileSystem, Func<string, IStorageDriver> open, int cases)
    {
        _folder = fileSystem.NewFolder();
        _target = Directory.CreateDirectory(Path.Combine(_folder, "target")).FullName;
        _driver = open(Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName);
        _driver.Probe();
        _cases = cases * s_factor;
    }

    /// <summary>Whether files are given second names.</summary>
    protected virtual bool LinksFiles => true;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        (_driver as IDisposable)?.Dispose();
        ScratchFileSystem.Remove(_folder);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Any_change_is_told_as_it_was_and_makes_the_same_tree_again()
    {
        for (var seed = 0; seed < _cases; seed += MostLayers) await GrowAsync(seed, Math.Min(MostLayers, _cases - seed));
    }

    async Task GrowAsync(int seed, int cases)
    {
        var stack = new LayerStack(LayerId.New(), []);
        _driver.Create(stack.Top, stack.Parents);
        SortedDictionary<string, string> before;
        using (var mount = Mount(stack, LayerAccess.ReadWrite))
        {
            new RandomChanges(~seed, LinksFiles).Apply(mount.Root, 3 * MostChanges);
            before = TreeImage.Files(mount.Root, directoryTimes: false);
        }

        _driver.Seal([stack.Top]);
        for (var i = 0; i < cases; i++) (stack, before) = await TryAsync(seed + i, stack, before);
        foreach (var layer in stack.All) _driver.Remove(layer);
    }

    async Task<(LayerStack Stack, SortedDictionary<string, string> Files)> TryAsync(int seed, LayerStack below, SortedDictionary<string, string> before)
    {
        var changes = new RandomChanges(seed, LinksFiles);
        var changed = new LayerStack(LayerId.New(), below.All);
        _driver.Create(changed.Top, changed.Parents);
        SortedDictionary<string, string> after;
        using (var mount = Mount(changed, LayerAccess.ReadWrite))
        {
            changes.Apply(mount.Root, MostChanges);
            after = TreeImage.Files(mount.Root, directoryTimes: false);
        }

        AssertSame(TreeOracle.Changes(before, after), Told(changed), changes, line => $"{line}: {before.GetValueOrDefault(line[3..])} -> {after.GetValueOrDefault(line[3..])}");
        var again = await ApplyAsync(below, await TarAsync(changed));
        using (var mount = Mount(again, LayerAccess.ReadOnly))
            AssertSame(Lines(after), Lines(TreeImage.Files(mount.Root, directoryTimes: false)), changes);

        // The next case lies on the layer that came as a tar, as an image's layers do.
        _driver.Remove(changed.Top);
        return (again, after);
    }

    LayerMountPoint Mount(LayerStack stack, LayerAccess access)
    {
        using var active = (_driver as ILayerActivation)?.Activate(stack.Top);
        return new(_target, _driver.Mounts(stack.Top, stack.Parents, access, _target));
    }

    List<string> Told(LayerStack stack) =>
    [
        .. LayerDiff.Changes(_driver.Content(stack.Top), Contents(stack), Stop)
            .Select(change => $"{change.Kind switch { LayerChangeKind.Added => 'A', LayerChangeKind.Deleted => 'D', _ => 'C' }} {PathBytes.Decode(change.Path.Span)}"),
    ];

    async Task<MemoryStream> TarAsync(LayerStack stack)
    {
        var tar = new MemoryStream();
        await LayerDiff.WriteTarAsync(_driver.Content(stack.Top), Contents(stack), tar, splitRecord: null, Stop);
        tar.Position = 0;
        return tar;
    }

    // As the layer store does it: before its parents where the driver can, else on them.
    async Task<LayerStack> ApplyAsync(LayerStack below, MemoryStream tar)
    {
        var stack = new LayerStack(LayerId.New(), below.All);
        var alone = _driver.Traits.WritesWithoutParents;
        _driver.Create(stack.Top, alone ? [] : stack.Parents);
        var content = _driver.Content(stack.Top);
        using (var directory = Syscall.Open(content.Directory, OpenFlags.Directory))
        {
            var options = new LayerApplyOptions { Whiteouts = content.Whiteouts };
            var applied = await LayerApply.ApplyAsync(tar, directory, options, splitRecord: null, progress: null, Stop);
            if (alone)
            {
                _driver.Rebase(stack.Top, stack.Parents);
                LayerRebase.Complete(content, applied, Contents(stack));
            }
        }

        _driver.Seal([stack.Top]);
        return stack;
    }

    IReadOnlyList<LayerContent> Contents(LayerStack stack) => [.. stack.Parents.Select(_driver.Content)];

    static List<string> Lines(SortedDictionary<string, string> files) => [.. files.Select(file => $"{file.Key} {file.Value}")];

    static void AssertSame(IReadOnlyList<string> expected, IReadOnlyList<string> actual, RandomChanges changes, Func<string, string>? explain = null)
    {
        if (expected.SequenceEqual(actual, StringComparer.Ordinal)) return;
        explain ??= static line => line;
        var (missing, extra) = (expected.Except(actual, StringComparer.Ordinal).Select(explain), actual.Except(expected, StringComparer.Ordinal).Select(explain));
        Assert.Fail($"{changes.Story}\nmissing:\n{string.Join('\n', missing)}\nextra:\n{string.Join('\n', extra)}");
    }
}
