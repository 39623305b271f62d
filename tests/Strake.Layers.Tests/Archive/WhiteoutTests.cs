using Strake.Layers.Archive;
using static Strake.Layers.Tests.Archive.Sandbox;

namespace Strake.Layers.Tests.Archive;

/// <summary>Whiteouts in the forms that drivers keep.</summary>
public sealed class WhiteoutTests : IDisposable
{
    readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    const string Lower = "mkdir -p LOWER/d/sub LOWER/e; echo 1 > LOWER/d/a; echo 2 > LOWER/d/sub/b; echo 3 > LOWER/e/c; echo 4 > LOWER/f; ln -s f LOWER/l";

    [Fact]
    public async Task The_overlays_are_devices_and_an_attribute()
    {
        await _box.RoundTripAsync(Make(File_(".wh.f", ""), Dir("d/"), File_("d/.wh..wh..opq", ""), File_("d/new"), File_("e/.wh.c", "")));
        Assert.Equal("character special file 0:0 0\n", _box.Run("stat -c '%F %t:%T %a' layer/f"));
        Assert.Equal("y", _box.Run("getfattr --only-values -n trusted.overlay.opaque layer/d"));
        Assert.Equal("layer/d\nlayer/d/new\nlayer/e\nlayer/e/c\nlayer/f\n", _box.Run("find layer -mindepth 1 | sort"));
    }

    [Fact]
    public async Task A_directory_made_anew_is_opaque_again()
    {
        await _box.RoundTripAsync(Make(Dir("d/"), File_("d/.wh..wh..opq", ""), File_("d", "a file"), Dir("d/"), File_("d/.wh..wh..opq", "")));
        Assert.Equal("y", _box.Run("getfattr --only-values -n trusted.overlay.opaque layer/d"));
    }

    [Theory]
    [InlineData("whiteout first")]
    [InlineData("whiteout last")]
    public async Task A_file_beside_its_own_whiteout_hides_the_lower_one(string order)
    {
        System.Formats.Tar.TarEntry[] entries = [File_(".wh.f", ""), File_(".wh.d", ""), File_(".wh.g", ""), File_("f", "new"), Dir("d/"), File_("d/x"), File_("g/implied")];
        if (order == "whiteout last") entries = [.. entries[3..], .. entries[..3]];
        await _box.RoundTripAsync(Make(entries));
        Assert.Equal("new", File.ReadAllText(_box.At("layer/f")));
        Assert.Equal("content", File.ReadAllText(_box.At("layer/d/x")));
        Assert.Equal("yy", _box.Run("getfattr --only-values -n trusted.overlay.opaque layer/d layer/g"));
    }

    [Fact]
    public async Task In_a_whole_tree_the_lower_files_are_deleted_and_the_layers_own_kept()
    {
        _box.Run(Lower.Replace("LOWER", "layer"));
        await _box.RoundTripAsync(
            Make(File_("f", "own"), File_(".wh.f", ""), Dir("d/"), File_("d/own"), File_("d/sub/own2"), File_("d/.wh..wh..opq", ""), File_(".wh.e", ""), File_(".wh.l", ""), File_(".wh.missing", ""), File_("none/.wh..wh..opq", "")),
            WhiteoutForm.Absent);
        Assert.Equal("layer/d\nlayer/d/own\nlayer/d/sub\nlayer/d/sub/own2\nlayer/f\n", _box.Run("find layer -mindepth 1 | sort"));
        Assert.Equal("own", File.ReadAllText(_box.At("layer/f")));
    }

    [Fact]
    public async Task In_a_whole_tree_a_lower_file_gives_way_to_a_directory_and_the_other_way_round()
    {
        _box.Run(Lower.Replace("LOWER", "layer"));
        var applied = await _box.RoundTripAsync(Make(File_("f/x"), File_("d", "a file"), Dir("l/")), WhiteoutForm.Absent);
        Assert.Equal("layer/d\nlayer/e\nlayer/e/c\nlayer/f\nlayer/f/x\nlayer/l\n", _box.Run("find layer -mindepth 1 | sort"));
        Assert.Equal((13, 4), (applied.Usage.SizeBytes, applied.Usage.Inodes));
        Assert.Empty(applied.ImpliedDirectories);
    }

    [Fact]
    public async Task In_a_whole_tree_only_what_the_layer_wrote_counts()
    {
        _box.Run(Lower.Replace("LOWER", "layer"));
        var applied = await _box.RoundTripAsync(Make(Dir("d/"), File_("d/a", "12345"), File_("d/a", "123"), Hard("d/h", "f"), File_("n", "1")), WhiteoutForm.Absent);
        Assert.Equal((4, 2), (applied.Usage.SizeBytes, applied.Usage.Inodes));
    }

    [Fact]
    public async Task In_a_whole_tree_a_directorys_entry_says_all_of_its_attributes()
    {
        _box.Run(Lower.Replace("LOWER", "layer") + "; setfattr -n user.old -v 1 layer/d; chmod 700 layer/d");
        await _box.RoundTripAsync(Make(Dir("d/")), WhiteoutForm.Absent);
        Assert.Equal("755\n", _box.Run("stat -c %a layer/d; getfattr -d -m - layer/d"));
    }

    [Fact]
    public async Task aufs_keeps_them_as_they_come()
    {
        await _box.RoundTripAsync(Make(File_(".wh.f", ""), File_("d/.wh..wh..opq", ""), Dir(".wh..wh.plnk/"), File_(".wh..wh.plnk/1", "left out")), WhiteoutForm.DotWh);
        Assert.Equal("layer/.wh.f\nlayer/d\nlayer/d/.wh..wh..opq\n", _box.Run("find layer -mindepth 1 | sort"));
    }

    [Fact]
    public async Task Mounted_as_an_overlay_the_layer_hides_what_it_says()
    {
        _box.Run(Lower.Replace("LOWER", "lower") + "; mkdir merged");
        await _box.RoundTripAsync(Make(File_(".wh.f", ""), Dir("d/"), File_("d/.wh..wh..opq", ""), File_("d/new"), File_("e/.wh.c", ""), File_("e/d", "x")));
        _box.Run("mount -t overlay overlay -o lowerdir=layer:lower merged");
        try
        {
            Assert.Equal("d\nd/new\ne\ne/d\nl\n", _box.Run("find merged -mindepth 1 -printf '%P\\n' | sort"));
        }
        finally
        {
            _box.Run("umount merged");
        }
    }

    [Fact]
    public async Task Rebased_a_layer_gets_what_only_its_parents_know()
    {
        _box.Run("""
            mkdir -p p1/root p2/root p2/opt/app p1/var; chmod 700 p1/root; chown 3:4 p1/root; chmod 750 p2/opt/app; setfattr -n user.x -v y p2/opt/app; echo lower > p2/opt/app/bin; chmod 4711 p2/opt/app/bin
            mknod p1/hidden c 0 0; mkdir p2/hidden; chmod 700 p2/hidden; touch -d @5 p1/root
            """);
        var applied = await _box.RoundTripAsync(Make(File_("root/f"), File_("opt/app/f"), File_("hidden/f"), Hard("var/link", "opt/app/bin"), Hard("var/second", "var/link")));
        LayerContent Of(string name) => new(_box.At(name), WhiteoutForm.Overlay);
        for (var round = 0; round < 2; round++)
        {
            LayerRebase.Complete(Of("layer"), applied, [Of("p1"), Of("p2")]);
            Assert.Equal("700 3:4 5\n750 0:0\n755 0:0\n", _box.Run("stat -c '%a %u:%g %Y' layer/root; stat -c '%a %u:%g' layer/opt/app layer/hidden"));
            Assert.Equal("user.x=\"y\"\n", _box.Run("getfattr -d layer/opt/app | grep user"));
            Assert.Equal("lower\n4711\nlower\n", _box.Run("cat layer/var/link; stat -c %a layer/var/link; cat layer/var/second"));
        }
        var lost = await _box.RoundTripAsync(Make(Hard("x", "nowhere/file")), directory: "other");
        var error = Assert.Throws<State.StrakeException>(() => LayerRebase.Complete(Of("other"), lost, [Of("p1"), Of("p2")]));
        Assert.Contains("x: a hard link to nowhere/file, which no layer has", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_opaque_root_hides_everything_below()
    {
        _box.Run(Lower.Replace("LOWER", "lower") + "; mkdir merged");
        var applied = await _box.RoundTripAsync(Make(File_(".wh..wh..opq", ""), File_("d/own")));
        LayerRebase.Complete(new(_box.Layer, WhiteoutForm.Overlay), applied, [new(_box.At("lower"), WhiteoutForm.Overlay)]);
        _box.Run("mount -t overlay overlay -o lowerdir=layer:lower merged");
        try
        {
            Assert.Equal("d\nd/own\n", _box.Run("find merged -mindepth 1 -printf '%P\\n' | sort"));
        }
        finally
        {
            _box.Run("umount merged");
        }
    }
}
