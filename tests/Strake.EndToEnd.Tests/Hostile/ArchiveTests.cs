using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Hostile;

/// <summary>Archives that lie, break off, climb out or swell: refused with a reason, and nothing is left of them.</summary>
public sealed class ArchiveTests(LoadedEngine loaded) : EngineTests(loaded)
{
    static readonly byte[] s_layer = new TarBytes().File("file", "content").Bytes();

    [Theory]
    [InlineData(600)]
    [InlineData(20_000)]
    [InlineData(1_000_000)]
    public async Task A_truncated_archive_is_refused(int length)
    {
        var whole = await File.ReadAllBytesAsync(TestSetting.Image("debian.docker-gzip.tar"), TestContext.Current.CancellationToken);
        await RefusedAsync(whole[..length]);
    }

    [Fact]
    public async Task A_truncated_oci_layout_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(TestSetting.Image("debian.oci.tar"), TestContext.Current.CancellationToken);
        await RefusedAsync(whole[..(whole.Length / 2)]);
    }

    [Fact]
    public async Task A_layer_that_is_not_what_the_config_says_is_refused()
    {
        var other = new TarBytes().File("file", "other").Bytes();
        var said = await RefusedAsync(new ImageArchive { Layers = [s_layer], DiffIds = [ImageArchive.Digest(other)] });
        Assert.Contains(ImageArchive.Digest(s_layer), said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lie_in_the_last_of_three_layers_leaves_none_of_them() =>
        await RefusedAsync(new ImageArchive
        {
            Layers = [s_layer, new TarBytes().File("second", "2").Bytes(), new TarBytes().File("third", "3").Bytes()],
            DiffIds = [ImageArchive.Digest(s_layer), ImageArchive.Digest(new TarBytes().File("second", "2").Bytes()), ImageArchive.Digest(s_layer[..1024])],
        });

    [Fact]
    public async Task More_or_fewer_layers_than_the_config_says_are_refused()
    {
        await RefusedAsync(new ImageArchive { Layers = [s_layer], DiffIds = [ImageArchive.Digest(s_layer), ImageArchive.Digest(s_layer)] });
        await RefusedAsync(new ImageArchive { Layers = [s_layer, s_layer], DiffIds = [ImageArchive.Digest(s_layer)] });
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[{}]")]
    [InlineData("[null]")]
    [InlineData("not json")]
    [InlineData("""[{"Config":"missing.json","RepoTags":null,"Layers":[]}]""")]
    [InlineData("""[{"Config":"../../../../etc/passwd","RepoTags":null,"Layers":[]}]""")]
    [InlineData("""[{"Config":"/etc/passwd","RepoTags":null,"Layers":["/etc/passwd"]}]""")]
    public async Task A_manifest_that_makes_no_sense_is_refused(string manifest) =>
        await RefusedAsync(new ImageArchive { Layers = [s_layer], Manifest = manifest });

    [Theory]
    [InlineData("UPPER:case")]
    [InlineData("../../escape:one")]
    [InlineData("a b:c")]
    public async Task A_tag_that_is_no_reference_is_refused(string tag)
    {
        StrakeOnly("it refuses the tag and keeps the image");
        await RefusedAsync(new ImageArchive { Layers = [s_layer], Tag = tag });
    }

    [Theory]
    [InlineData("../escaped")]
    [InlineData("../../../../../../../../tmp/strake-escaped")]
    [InlineData("/../../../tmp/strake-escaped")]
    [InlineData("a/../../escaped")]
    public async Task A_name_that_climbs_writes_nothing_outside_the_layer(string name)
    {
        await LoadHarmlesslyAsync(new TarBytes().File(name, "climbed"));
        Assert.False(File.Exists(TestSetting.HostRoot + "/tmp/strake-escaped"));
    }

    [Fact]
    public async Task A_file_through_a_symlink_stays_in_the_layer()
    {
        var outside = Engine.NewFolder();
        await LoadHarmlesslyAsync(new TarBytes().Symlink("way", outside.There).File("way/file", "through"));
        await LoadHarmlesslyAsync(new TarBytes().Symlink("way", "../../../../../../../.." + outside.There).File("way/file", "through"));
        await LoadHarmlesslyAsync(new TarBytes().Directory("a").Symlink("a/way", "../.." + outside.There).Symlink("b", "a/way").File("b/file", "through"));
        Assert.Empty(Directory.GetFileSystemEntries(outside.Here));
    }

    [Fact]
    public async Task A_hard_link_to_outside_links_nothing()
    {
        var outside = Engine.NewFolder();
        outside.Write("secret", "host");
        foreach (var target in (string[])[outside.There + "/secret", "../../../../../../../.." + outside.There + "/secret"])
        {
            await LoadHarmlesslyAsync(new TarBytes().Hardlink("stolen", target).File("stolen", "overwritten"));
            await LoadHarmlesslyAsync(new TarBytes().Symlink("way", outside.There).Hardlink("stolen", "way/secret").File("stolen", "overwritten"));
        }
        Assert.Equal("host", outside.Read("secret"));
    }

    [Fact]
    public async Task A_mode_through_a_symlink_changes_nothing_outside()
    {
        var outside = Engine.NewFolder();
        File.SetUnixFileMode(outside.Here, UnixFileMode.UserRead);
        await LoadHarmlesslyAsync(new TarBytes().Symlink("way", outside.There).Entry("way", '5', [], mode: 0x1FF));
        await LoadHarmlesslyAsync(new TarBytes().Symlink("way", outside.There).Entry("way/", '5', [], mode: 0x1FF));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(outside.Here));
    }

    [Fact]
    public async Task A_later_layer_that_makes_a_parent_a_symlink_writes_nothing_outside()
    {
        var outside = Engine.NewFolder();
        byte[][] layers =
        [
            new TarBytes().Directory("way").File("way/file", "first").Bytes(),
            new TarBytes().Symlink("way", outside.There).Bytes(),
            new TarBytes().File("way/file", "through").Bytes(),
            new TarBytes().File("way/.wh.other", "").File("way/.wh..wh..opq", "").Bytes(),
        ];
        outside.Write("other", "host");
        await LoadHarmlesslyAsync(new ImageArchive { Layers = layers });
        Assert.Equal(["other"], Directory.GetFileSystemEntries(outside.Here).Select(path => Path.GetFileName(path)!));
    }

    [Theory]
    [InlineData(".wh..")]
    [InlineData(".wh...")]
    [InlineData(".wh.")]
    [InlineData("a/.wh...")]
    public async Task A_whiteout_of_a_parent_removes_nothing_outside(string name)
    {
        await LoadHarmlesslyAsync(new TarBytes().Directory("a").File(name, ""));
        Assert.Equal("hello", await BusyboxAsync("echo hello"));
    }

    [Fact]
    public async Task A_size_larger_than_the_archive_is_refused() =>
        await RefusedAsync(new TarBytes().Entry("manifest.json", '0', [], claimedSize: 0x1_FFFF_FFFF).Bytes());

    [Fact]
    public async Task A_layer_with_a_directory_where_a_file_stood_is_stacked_rightly()
    {
        byte[][] layers = [new TarBytes().File("x", "file").Bytes(), new TarBytes().Directory("x").File("x/in", "inside").Bytes(), new TarBytes().File("y", "1").Bytes()];
        await Docker.RunAsync(["load"], new ImageArchive { Layers = layers, Tag = "stacked:one" }.Bytes());
        var name = Engine.NewContainer();
        await Docker.OkAsync("create", "--name", name, "--network", "none", "stacked:one");
        Assert.Equal("inside", (await Engine.ShellAsync($"docker cp {name}:/x/in - | tar -xO")).Ok());
        await Docker.OkAsync("rm", name);
        await Docker.OkAsync("rmi", "stacked:one");
    }

    [Theory]
    [InlineData("""{"Volumes":{"/../../../../etc":{}},"Cmd":["/bin/true"]}""")]
    [InlineData("""{"WorkingDir":"/proc/self/fd/7","Cmd":["/bin/true"]}""")]
    [InlineData("""{"Volumes":{"relative":{}},"Cmd":["/bin/true"]}""")]
    public async Task A_config_whose_paths_lead_out_gets_nothing_of_the_host(string config)
    {
        var busybox = await LayerOfBusyboxAsync();
        await Docker.RunAsync(["load"], new ImageArchive { Layers = [busybox], Config = config, Tag = "paths:one" }.Bytes());
        var name = Engine.NewContainer();
        await Docker.RunAsync("create", "--name", name, "--network", "none", "paths:one", "cat", "/etc/machine-id", "/etc/debian_version");
        var seen = await Docker.RunAsync("start", "-a", name);
        Assert.Empty(seen.Output);
        await Docker.RunAsync("rm", "-fv", name);
        await Docker.RunAsync("rmi", "-f", "paths:one");
    }

    async Task<byte[]> LayerOfBusyboxAsync()
    {
        var folder = Engine.NewPath();
        (await Engine.ShellAsync($"mkdir {folder} && tar -xf '{TestSetting.Image("busybox.docker.tar")}' -C {folder} && cp {folder}/*/layer.tar {folder}/layer")).Ok();
        return await File.ReadAllBytesAsync(folder + "/layer", TestContext.Current.CancellationToken);
    }

    Task LoadHarmlesslyAsync(TarBytes layer) => LoadHarmlesslyAsync(new ImageArchive { Layers = [layer.Bytes()] });

    /// <summary>Loads what may be taken or refused, but must do no harm; then the image, if any, is removed.</summary>
    async Task LoadHarmlesslyAsync(ImageArchive archive)
    {
        await Docker.RunAsync(["load"], archive.Bytes());
        await Docker.RunAsync("rmi", "-f", archive.Tag);
        Assert.Equal("OK", (await Engine.Http.GetAsync("/_ping")).Body);
    }

    Task<string> RefusedAsync(ImageArchive archive) => RefusedAsync(archive.Bytes());

    async Task<string> RefusedAsync(byte[] archive)
    {
        var path = Engine.NewPath();
        await File.WriteAllBytesAsync(path, archive);
        return await RefusedAsync(path);
    }

    async Task<string> RefusedAsync(string path)
    {
        var before = await EngineFootprint.OfAsync(Engine);
        var said = await Docker.RefusedAsync("load", "-i", path);
        Assert.NotEmpty(said);
        File.Delete(path);
        Assert.Equal(before, await EngineFootprint.OfAsync(Engine));
        Assert.Equal("hello", await BusyboxAsync("echo hello"));
        return said;
    }
}
