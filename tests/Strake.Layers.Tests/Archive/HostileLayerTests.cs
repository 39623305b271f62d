using System.Formats.Tar;
using Strake.State;
using static Strake.Layers.Tests.Archive.Sandbox;

namespace Strake.Layers.Tests.Archive;

/// <summary>
/// Layers that want out (CVE-2014-9356, CVE-2014-9357, CVE-2014-6407, CVE-2021-32760 and their like). Whether refused or extracted inside:
/// the canary beside the layer's directory stays as it is to the last mode; the sandbox compares it.
/// </summary>
public sealed class HostileLayerTests : IDisposable
{
    readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    static TarEntry[] Each(params TarEntry[] entries) => entries;

    static Dictionary<string, Func<string, TarEntry[]>> Attacks { get; } = new()
    {
        ["dots lead out"] = _ => Each(File_("../canary/file", "evil")),
        ["dots lead out from within"] = _ => Each(File_("a/../../canary/file", "evil")),
        ["dots alone"] = _ => Each(Dir("..", 0x1FF)),
        ["dots in a whiteout's directory"] = _ => Each(File_("../canary/.wh.file", "")),
        ["an absolute name"] = box => Each(File_($"{box}/canary/file", "evil")),
        ["a file through an absolute link"] = box => Each(Link("l", $"{box}/canary"), File_("l/file", "evil")),
        ["a file through a relative link"] = _ => Each(Link("l", "../canary"), File_("l/file", "evil")),
        ["a file through two links"] = _ => Each(Link("k", ".."), Link("l", "k/canary"), File_("l/file", "evil")),
        ["a directory's mode through a link"] = _ => Each(Link("l", "../canary/dir"), Dir("l/", 0x1FF)),
        ["a directory below a link"] = _ => Each(Link("l", "../canary"), Dir("l/dir/", 0x1FF)),
        ["a new directory below a link"] = _ => Each(Link("l", "../canary"), Dir("l/new/", 0x1FF)),
        ["an implied directory below a link"] = _ => Each(Link("l", "../canary"), File_("l/new/file", "evil")),
        ["a file in the place of a link"] = _ => Each(Link("file", "../canary/file"), File_("file", "evil", 0x1FF)),
        ["a hard link with dots"] = _ => Each(Hard("h", "../canary/file"), File_("h", "evil")),
        ["an absolute hard link"] = box => Each(Hard("h", $"{box}/canary/file")),
        ["a hard link through a link"] = _ => Each(Link("l", "../canary"), Hard("h", "l/file")),
        ["a hard link to a link that leads out"] = _ => Each(Link("l", "../canary/file"), Hard("h", "l"), File_("h", "evil")),
        ["a whiteout through a link"] = _ => Each(Link("l", "../canary"), File_("l/.wh.file", "")),
        ["an opaque directory through a link"] = _ => Each(Link("l", "../canary"), File_("l/.wh..wh..opq", "")),
        ["a device through a link"] = _ => Each(Link("l", "../canary"), Device("l/dev", 1, 3)),
        ["a fifo through a link"] = _ => Each(Link("l", "../canary"), new PaxTarEntry(TarEntryType.Fifo, "l/fifo")),
        ["a link through a link"] = _ => Each(Link("l", "../canary"), Link("l/file", "evil")),
        ["a magic link"] = _ => Each(Link("l", "/proc/self/root"), File_("l/tmp/strake-evil", "evil")),
        ["a magic link to the working directory"] = _ => Each(Link("l", "/proc/self/cwd"), File_("l/strake-evil", "evil")),
        ["a parent replaced by a link"] = _ => Each(Dir("d/"), File_("d/a"), Link("d", "../canary"), File_("d/file", "evil")),
        ["a parent replaced by a link after it was used for links"] = _ => Each(Dir("d/"), File_("d/a"), Hard("d/b", "d/a"), Link("d", "../canary"), Hard("d/c", "d/file")),
        ["a parent replaced by a link before times are set"] = _ => Each(Dir("d/dir/"), Dir("d/"), Link("d", "../canary")),
        ["a directory replaced by a link of the same name"] = _ => Each(Dir("dir/", 0x1FF), Link("dir", "../canary/dir")),
        ["the root as a link"] = _ => Each(Link(".", "../canary"), File_("file", "evil")),
        ["the root as a link by name"] = _ => Each(Link("a/..", "../canary"), File_("file", "evil")),
        ["the root as a hard link's file"] = _ => Each(Hard("h", ".")),
        ["a whiteout of nothing"] = _ => Each(File_(".wh.", "")),
        ["a whiteout of the directory itself"] = _ => Each(File_("d/.wh..", "")),
        ["a whiteout of the directory above"] = _ => Each(File_("d/.wh...", "")),
        ["a whiteout as a directory"] = _ => Each(File_("d/.wh./x", "")),
        ["a whiteout as a directory above"] = _ => Each(File_("d/.wh.../x", "")),
        ["a whiteout of a whiteout"] = _ => Each(File_("d/.wh..wh.x", "")),
        ["a loop of links"] = _ => Each(Link("a", "b"), Link("b", "a"), File_("a/f", "evil")),
        ["a link to nowhere as a parent"] = _ => Each(Link("l", "nowhere"), File_("l/f", "evil")),
        ["a file as a parent"] = _ => Each(File_("f"), File_("f/g", "evil")),
        ["a device number too large"] = _ => Each(Device("d", 70_000, 1)),
        ["a name too long"] = _ => Each(File_(new string('n', 300))),
    };

    public static TheoryData<string, WhiteoutForm> Cases
    {
        get
        {
            var cases = new TheoryData<string, WhiteoutForm>();
            foreach (var form in Enum.GetValues<WhiteoutForm>())
            {
                foreach (var name in Attacks.Keys) cases.Add(name, form);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nothing_outside_changes(string attack, WhiteoutForm form)
    {
        var tar = Make(Attacks[attack](_box.Folder));
        try
        {
            await _box.RoundTripAsync(tar, form);
        }
        catch (StrakeException refused)
        {
            Assert.Equal(ErrorKind.Invalid, refused.Kind);
        }
        Assert.False(File.Exists("/tmp/strake-evil"));
        Assert.False(File.Exists("strake-evil"));
    }

    [Theory]
    [InlineData("dots lead out")]
    [InlineData("dots lead out from within")]
    [InlineData("dots alone")]
    [InlineData("dots in a whiteout's directory")]
    [InlineData("a hard link with dots")]
    [InlineData("the root as a link")]
    [InlineData("the root as a hard link's file")]
    [InlineData("a whiteout of nothing")]
    [InlineData("a whiteout of the directory itself")]
    [InlineData("a whiteout of the directory above")]
    [InlineData("a whiteout as a directory")]
    [InlineData("a whiteout of a whiteout")]
    [InlineData("a loop of links")]
    [InlineData("a link to nowhere as a parent")]
    [InlineData("a file as a parent")]
    [InlineData("a device number too large")]
    [InlineData("a name too long")]
    public async Task What_cannot_be_meant_well_is_refused_by_name(string attack)
    {
        var error = await Assert.ThrowsAsync<StrakeException>(() => _box.ApplyAsync(Make(Attacks[attack](_box.Folder))));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public async Task A_link_as_a_parent_is_followed_inside_the_root_and_the_bytes_come_back()
    {
        await _box.RoundTripAsync(Make(Dir("usr/"), Dir("usr/lib/"), Link("lib", "usr/lib"), File_("lib/a", "through the link"), Link("abs", "/usr/lib"), File_("abs/b", "too"), Dir("lib/d/"), Link("lib", "elsewhere")));
        Assert.Equal("through the link", File.ReadAllText(_box.At("layer/usr/lib/a")));
        Assert.Equal("too", File.ReadAllText(_box.At("layer/usr/lib/b")));
        Assert.True(Directory.Exists(_box.At("layer/usr/lib/d")));
    }

    [Fact]
    public async Task Cut_at_every_block_it_is_refused_or_told_by_its_digest()
    {
        var tar = Make(Dir("d/"), File_("d/f", new string('x', 1500)), Link("d/l", "f"), Hard("d/h", "d/f"), File_("e", ""));
        for (var length = 0; length < tar.Length; length += 512)
        {
            var directory = $"cut{length}";
            try
            {
                await _box.RoundTripAsync(tar[..length], directory: directory);
            }
            catch (StrakeException refused)
            {
                Assert.Equal(ErrorKind.Invalid, refused.Kind);
            }
            var options = new Layers.Archive.LayerApplyOptions { Whiteouts = WhiteoutForm.Overlay, Expected = new(BlobSizeBytes: tar.Length) };
            await Assert.ThrowsAsync<StrakeException>(() => _box.ApplyAsync(tar[..length], directory: directory + "x", options: options));
        }
    }

    [Fact]
    public async Task A_deep_tree_replaced_by_a_file_is_removed_without_end()
    {
        var deep = string.Concat(Enumerable.Repeat("d/", 1900));
        await _box.RoundTripAsync(Make(File_(deep + "f", "deep"), File_("d", "a file now")));
        Assert.Equal("a file now", File.ReadAllText(_box.At("layer/d")));
    }
}
