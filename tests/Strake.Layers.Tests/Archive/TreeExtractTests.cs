using Strake.Layers.Archive;
using Strake.Linux;
using Strake.State;
using static Strake.Layers.Tests.Archive.Sandbox;

namespace Strake.Layers.Tests.Archive;

/// <summary>Tars that users send into a tree that stands, as docker cp does.</summary>
public sealed class TreeExtractTests : IDisposable
{
    readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    async Task ExtractAsync(byte[] tar, TreeExtractOptions? options = null)
    {
        using var directory = Syscall.Open(_box.Layer, OpenFlags.Directory);
        await TreeExtract.ExtractAsync(new MemoryStream(tar), directory, options ?? new(), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_exists_is_replaced_and_directories_are_merged()
    {
        _box.Run("mkdir -p layer/d/keep; echo old > layer/d/f; setfattr -n user.mine -v 1 layer/d; ln -s ../canary/file layer/l; chmod 711 layer");
        await ExtractAsync(Make(Dir("./", 0x1FF), Dir("d/", 0x1C0), File_("d/f", "new"), File_("l", "new"), File_(".wh.x", "literal"), File_("sub/.wh..wh..opq", "literal")));
        Assert.Equal("new", File.ReadAllText(_box.At("layer/d/f")));
        Assert.Equal("new", File.ReadAllText(_box.At("layer/l")));
        Assert.Equal("711\n700\n", _box.Run("stat -c %a layer layer/d; getfattr -n user.mine layer/d > /dev/null; test -d layer/d/keep -a -f layer/.wh.x -a -f layer/sub/.wh..wh..opq"));
    }

    [Fact]
    public async Task Compressed_tars_are_taken_too()
    {
        await ExtractAsync(_box.Tar("echo x > f; tar -czf a.tar f"));
        Assert.Equal("x\n", File.ReadAllText(_box.At("layer/f")));
    }

    [Fact]
    public async Task The_owner_can_be_given()
    {
        await ExtractAsync(Make(Dir("d/"), File_("d/f", mode: 0x9ED), Link("l", "f"), File_("new/f")), new() { Owner = new FileOwner(12, 34) });
        Assert.Equal("12:34 755\n12:34 4755\n12:34 777\n12:34 755\n", _box.Run("cd layer; stat -c '%u:%g %a' d d/f l new"));
    }

    [Theory]
    [InlineData("mkdir layer/x", false, "cannot overwrite directory \"x\" with non-directory")]
    [InlineData("echo y > layer/x", true, "cannot overwrite non-directory \"x\" with directory")]
    public async Task A_directory_and_something_else_do_not_replace_one_another_unless_wanted(string before, bool isDirectory, string message)
    {
        var tar = Make(isDirectory ? Dir("x/") : File_("x"));
        _box.Run(before);
        var error = await Assert.ThrowsAsync<StrakeException>(() => ExtractAsync(tar, new() { ReplaceDirectories = false }));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        await ExtractAsync(tar);
        Assert.Equal(isDirectory, Directory.Exists(_box.At("layer/x")));
    }

    [Fact]
    public async Task A_tree_that_lies_beneath_is_not_left_through_its_own_links()
    {
        _box.Run("ln -s ../canary layer/out; ln -s /etc layer/abs; mkdir layer/in; ln -s in layer/link");
        foreach (var name in (string[])["out/file", "out/new", "abs/strake-evil"])
            await Assert.ThrowsAsync<StrakeException>(() => ExtractAsync(Make(File_(name, "evil"))));
        await ExtractAsync(Make(File_("link/file", "inside")));
        Assert.Equal("inside", File.ReadAllText(_box.At("layer/in/file")));
    }

    /// <summary>CVE-2018-15664: a container swaps a directory for a link while files are copied into it.</summary>
    [Fact]
    public async Task A_directory_that_is_swapped_for_a_link_leads_nowhere()
    {
        _box.Run("mkdir layer/d; ln -s ../canary layer/link");
        var tar = Make([.. Enumerable.Range(0, 50).SelectMany(_ => new[] { File_("d/file", "evil"), Dir("d/dir/", 0x1FF), File_("d/dir/x", "evil"), Hard("d/hard", "d/file") })]);
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(() =>
        {
            using var directory = Syscall.Open(_box.Layer, OpenFlags.Directory);
            while (!stop.IsCancellationRequested) Syscall.RenameAt(directory, "d", directory, "link", RenameFlags.Exchange);
        }, TestContext.Current.CancellationToken);
        var (extracted, refused) = (0, 0);
        for (var round = 0; round < 300; round++)
        {
            try
            {
                await ExtractAsync(tar);
                extracted++;
            }
            catch (StrakeException)
            {
                refused++;
            }
        }
        await stop.CancelAsync();
        await swapping;
        Assert.Equal(300, extracted + refused);
        Assert.True(refused > 0, "the link was never met");
    }
}
