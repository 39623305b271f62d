using Strake.Volumes;
using System.Text;

namespace Strake.Cli.Tests;

/// <summary>What users write, read; and numbers as they read them.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData(null, "-")]
    [InlineData(0L, "0 B")]
    [InlineData(1023L, "1023 B")]
    [InlineData(1024L, "1 KiB")]
    [InlineData(1536L, "1.5 KiB")]
    [InlineData(104857600L, "100 MiB")]
    [InlineData(1L << 30, "1 GiB")]
    [InlineData(1L << 60, "1048576 TiB")]
    public void Bytes_have_the_largest_unit_that_fits(long? bytes, string text) => Assert.Equal(text, ByteSize.Text(bytes));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("12h", 43200)]
    [InlineData("7d", 604800)]
    [InlineData("36500d", 3153600000)]
    public void A_time_is_a_number_with_a_unit(string text, long seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), KeepTime.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("7")]
    [InlineData("0h")]
    [InlineData("-1h")]
    [InlineData("+1h")]
    [InlineData("1.5h")]
    [InlineData(" 1h")]
    [InlineData("1w")]
    [InlineData("36501d")]
    [InlineData("99999999999d")]
    public void Another_time_is_refused(string text) => Assert.Contains(
        $"'{text}'", Assert.Throws<StrakeException>(() => KeepTime.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("data", "data", null)]
    [InlineData("data@before", "data", "before")]
    [InlineData("data@a@b", "data", "a@b")]
    public void A_volume_may_be_one_of_its_snapshots(string text, string volume, string? snapshot) =>
        Assert.Equal(new VolumeReference(volume, snapshot), VolumeReference.Parse(text));

    [Theory]
    [InlineData("@before")]
    [InlineData("data@")]
    [InlineData("@")]
    public void A_snapshot_without_one_of_its_names_is_refused(string text) => Assert.Equal(
        $"{text} names no snapshot; write VOLUME@SNAPSHOT", Assert.Throws<StrakeException>(() => VolumeReference.Parse(text)).Message);

    [Theory]
    [InlineData("dir", "dir", null)]
    [InlineData("dir:tag", "dir", "tag")]
    [InlineData("/a/b:c", "/a/b", "c")]
    [InlineData("a:b/c", "a:b/c", null)]
    [InlineData("a:b/c:d", "a:b/c", "d")]
    public void A_layout_may_have_a_tag(string text, string folder, string? tag) => Assert.Equal(new LayoutReference(folder, tag), LayoutReference.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":tag")]
    [InlineData("dir:")]
    [InlineData("dir:.tag")]
    [InlineData("dir:a b")]
    [InlineData("dir:ä")]
    public void A_layout_without_a_folder_or_with_no_tag_is_refused(string text) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => LayoutReference.Parse(text)).Kind);

    [Fact]
    public async Task Files_are_read_one_behind_the_other()
    {
        string folder = Directory.CreateTempSubdirectory("strake-test-cli-").FullName;
        string[] contents = ["one", "", "two"];
        string[] paths = [.. contents.Select((text, number) => Path.Combine(folder, $"{number}"))];
        foreach ((string path, string text) in paths.Zip(contents)) File.WriteAllText(path, text);
        await using (var sequence = new FileSequence(paths))
        {
            var all = new MemoryStream();
            await sequence.CopyToAsync(all, TestContext.Current.CancellationToken);
            Assert.Equal("onetwo", Encoding.ASCII.GetString(all.ToArray()));
        }

        Directory.Delete(folder, recursive: true);
    }
}
