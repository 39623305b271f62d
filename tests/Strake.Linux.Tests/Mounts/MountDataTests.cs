namespace Strake.Linux.Tests;

public sealed class MountDataTests
{
    [Fact]
    public void Layers_become_one_option_each() =>
        Assert.Equal(
            [new("lowerdir+", "/a", "/a"), new("lowerdir+", "/b", "/b"), new("upperdir", "/u", "/u"), new("userxattr", null)],
            MountData.Split("lowerdir=/a:/b,upperdir=/u,userxattr"));

    [Fact]
    public void Layers_of_data_follow_a_double_colon() =>
        Assert.Equal(
            [new("lowerdir+", "/a", "/a"), new("datadir+", "/b", "/b"), new("datadir+", "/c", "/c")],
            MountData.Split("lowerdir=/a::/b::/c"));

    [Fact]
    public void Other_values_are_texts() => Assert.Equal([new MountOption("size", "1m")], MountData.Split("size=1m"));

    [Fact]
    public void Backslashes_are_left_where_the_kernel_undoes_them() =>
        Assert.Equal(
            [new("lowerdir+", "/a:b", "/a:b"), new("lowerdir+", @"/c\d,", @"/c\d,"), new("upperdir", @"/u\,\\", @"/u,\")],
            MountData.Split(@"lowerdir=/a\:b:/c\\d\,,upperdir=/u\,\\"));

    [Fact]
    public void Nothing_has_no_options() => Assert.Empty(MountData.Split(""));
}
