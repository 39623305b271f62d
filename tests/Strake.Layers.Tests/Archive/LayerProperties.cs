using FsCheck;
using FsCheck.Fluent;
using Strake.Images.Tar;
using Strake.Layers.Archive;
using Strake.Linux;
using Strake.State;
using static Strake.Layers.Tests.Archive.Sandbox;

namespace Strake.Layers.Tests.Archive;

/// <summary>Laws that hold for any sequence of entries, tried on random ones whose few names collide all the time.</summary>
public sealed class LayerProperties : IDisposable
{
    // More rounds than a test run has time for: STRAKE_TEST_FACTOR=50.
    static readonly int s_factor = int.Parse(Environment.GetEnvironmentVariable("STRAKE_TEST_FACTOR") ?? "1");

    readonly Sandbox _box = new();
    int _rounds;

    public void Dispose() => _box.Dispose();

    /// <summary>One entry and its content.</summary>
    sealed record Item(TarEntry Entry, byte[] Content)
    {
        public override string ToString() => $"{Entry.Type} {Entry.DisplayName} > {Text(Entry.LinkName)} ({Content.Length})";
    }

    static Gen<string> Names(params string[] extra) =>
        from depth in Gen.Choose(1, 3)
        from parts in Gen.Elements([.. "abc".Select(c => c.ToString()), .. extra]).ArrayOf(depth)
        select string.Join('/', parts);

    static Gen<Item> Items(TarEntryType[] types, Gen<string> names, Gen<string> targets) =>
        from name in names
        from type in Gen.Elements(types)
        from target in targets
        from length in Gen.Elements(0, 1, 511, 512, 513, 5000)
        from mode in Gen.Elements(0x1ED, 0x1A4, 0x1C0, 0x9ED, 0xFFF)
        from owner in Gen.Elements(0, 0, 0, 1000, 70_000)
        from time in Gen.Choose(0, 1_000_000)
        from nanoseconds in Gen.Elements(0, 0, 1, 999_999_999)
        let isWhiteout = name.Contains(".wh.", StringComparison.Ordinal)
        let actual = isWhiteout ? TarEntryType.Regular : type
        let size = actual == TarEntryType.Regular && !isWhiteout ? length : 0
        select new Item(
            new TarEntry
            {
                Name = Bytes(actual == TarEntryType.Directory ? name + "/" : name),
                Type = actual,
                LinkName = actual is TarEntryType.HardLink or TarEntryType.SymbolicLink ? Bytes(target) : default,
                Mode = (UnixFileMode)mode,
                Uid = owner,
                Gid = owner / 2,
                SizeBytes = size,
                ModifiedTime = new TarTime(time, nanoseconds),
                DeviceMajor = actual == TarEntryType.CharacterDevice ? 1u : 0,
                DeviceMinor = actual == TarEntryType.CharacterDevice ? 3u : 0,
            },
            [.. Enumerable.Range(0, size).Select(i => (byte)(i + time))]);

    static readonly TarEntryType[] s_all =
    [
        TarEntryType.Regular, TarEntryType.Regular, TarEntryType.Regular, TarEntryType.Directory, TarEntryType.Directory,
        TarEntryType.SymbolicLink, TarEntryType.HardLink, TarEntryType.CharacterDevice, TarEntryType.Fifo,
    ];

    static Gen<Item[]> Layers(params string[] extraNames) =>
        Gen.Choose(1, 12).SelectMany(n => Items(s_all, Names(extraNames), Gen.OneOf(Names(), Gen.Elements("/", "..", "../a", "/b", "."))).ArrayOf(n));

    [Fact]
    public void Any_tar_is_refused_or_comes_back_byte_for_byte_in_every_form() => Check(300, Layers(".wh.a", ".wh.b", ".wh..wh..opq"), async items =>
    {
        var tar = await TarAsync(items);
        foreach (var form in Enum.GetValues<WhiteoutForm>())
        {
            await AcceptedAsync(() => _box.RoundTripAsync(tar, form, Fresh()));
            // The same over a tree that is not empty.
            var copy = Fresh();
            await AcceptedAsync(() => _box.ApplyAsync(tar, WhiteoutForm.Absent, copy));
            await AcceptedAsync(() => _box.RoundTripAsync(tar, WhiteoutForm.Absent, copy));
        }
    });

    [Fact]
    public void A_trees_diff_makes_the_same_tree_and_the_same_diff() => Check(200, Layers(), async items =>
    {
        var (first, second) = (Fresh(), Fresh());
        if (!await AcceptedAsync(async () => await _box.RoundTripAsync(await TarAsync(items), WhiteoutForm.Overlay, first))) return;
        var diff = await DiffAsync(first, []);
        await _box.RoundTripAsync(diff, WhiteoutForm.Overlay, second);
        Assert.Equal(Snapshot.Of(_box.At(first)), Snapshot.Of(_box.At(second)));
        Assert.Equal(diff, await DiffAsync(second, []));
    });

    [Fact]
    public void Stacked_as_overlays_and_laid_into_one_tree_two_layers_show_the_same() => Check(150, from lower in Plain() from upper in Plain(".wh.a", ".wh.b", ".wh..wh..opq") select new[] { lower, upper }, async layers =>
    {
        var (whole, lower, upper) = (Fresh(), Fresh(), Fresh());
        var tars = new[] { await TarAsync(layers[0]), await TarAsync(layers[1]) };
        if (!await AcceptedAsync(() => _box.ApplyAsync(tars[0], WhiteoutForm.Absent, whole))) return;
        if (!await AcceptedAsync(() => _box.ApplyAsync(tars[1], WhiteoutForm.Absent, whole))) return;
        // Alone, a layer that has a file and then a whiteout below it makes no sense; in a whole tree that goes unnoticed.
        Layers.Archive.AppliedLayer? applied = null;
        if (!await AcceptedAsync(() => _box.ApplyAsync(tars[0], WhiteoutForm.Overlay, lower))) return;
        if (!await AcceptedAsync(async () => (applied, _) = await _box.ApplyAsync(tars[1], WhiteoutForm.Overlay, upper))) return;
        LayerRebase.Complete(Of(upper), applied!, [Of(lower)]);
        var expected = Snapshot.Of(_box.At(whole), directoryTimes: false);
        Assert.Equal(expected, Shown(upper, lower));
        // What the layer changes, written as a layer again and applied again, shows the same once more.
        var again = Fresh();
        var (second, _) = await _box.ApplyAsync(await DiffAsync(upper, [Of(lower)]), WhiteoutForm.Overlay, again);
        LayerRebase.Complete(Of(again), second, [Of(lower)]);
        Assert.Equal(expected, Shown(again, lower));
    });

    List<string> Shown(string upper, string lower)
    {
        var merged = Fresh();
        _box.Run($"mkdir {merged}; mount -t overlay overlay -o lowerdir={upper}:{lower} {merged}");
        try
        {
            return Snapshot.Of(_box.At(merged), directoryTimes: false);
        }
        finally
        {
            _box.Run($"umount {merged}");
        }
    }

    // Without links: through one of the layer below, the whole tree's layer would write, as in Docker, and the overlay's hides it.
    static Gen<Item[]> Plain(params string[] extraNames) => Gen.Choose(1, 10).SelectMany(n => Items(
        [TarEntryType.Regular, TarEntryType.Regular, TarEntryType.Directory, TarEntryType.Fifo], Names(extraNames), Gen.Constant("x")).ArrayOf(n));

    void Check<T>(int rounds, Gen<T> cases, Func<T, Task> law) =>
        Prop.ForAll(cases.ToArbitrary(), value => law(value).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(rounds * s_factor).WithQuietOnSuccess(true));

    // False where it is refused, which is as good for a sequence that makes no sense.
    static async Task<bool> AcceptedAsync(Func<Task> apply)
    {
        try
        {
            await apply();
            return true;
        }
        catch (StrakeException refused) when (refused.Kind == ErrorKind.Invalid)
        {
            return false;
        }
    }

    string Fresh() => $"r{_rounds++}";

    LayerContent Of(string name) => new(_box.At(name), WhiteoutForm.Overlay);

    async Task<byte[]> DiffAsync(string layer, IReadOnlyList<LayerContent> parents)
    {
        var tar = new MemoryStream();
        await LayerDiff.WriteTarAsync(Of(layer), parents, tar, null, TestContext.Current.CancellationToken);
        return tar.ToArray();
    }

    static async Task<byte[]> TarAsync(Item[] items)
    {
        var target = new MemoryStream();
        var writer = new TarWriter(target);
        foreach (var item in items)
        {
            await writer.WriteEntryAsync(item.Entry, TestContext.Current.CancellationToken);
            await writer.WriteContentAsync(item.Content, TestContext.Current.CancellationToken);
        }
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        return target.ToArray();
    }
}
