using Strake.Containers.Spec;

namespace Strake.Containers.Tests.Spec;

public sealed class ContainerUserTests
{
    static ReadOnlySpan<byte> Passwd => "root:x:0:0::/root:/bin/sh\nbroken line\n:x:5:5::/:\njane:x:1000:100::/home/jane:/bin/sh\nhigh:x:4294967295:0::/:\n"u8;

    static ReadOnlySpan<byte> Group => "root:x:0:\nwheel:x:10:root,jane\nusers:x:100:\nextra:x:101:jane,\nbad:x:y:jane\n"u8;

    [Theory]
    [InlineData("", 0, 0, "10", "/root")]
    [InlineData("jane", 1000, 100, "10,101", "/home/jane")]
    [InlineData("1000", 1000, 100, "10,101", "/home/jane")]
    [InlineData("7", 7, 0, "", "/")]
    [InlineData("jane:users", 1000, 100, "", "/home/jane")]
    [InlineData("jane:55", 1000, 55, "", "/home/jane")]
    [InlineData("7:wheel", 7, 10, "", "/")]
    [InlineData(":wheel", 0, 10, "", "/root")]
    public void Users_are_found_as_Docker_finds_them(string text, uint uid, uint gid, string groups, string home)
    {
        ContainerUser user = ContainerUser.Resolve(text, [], Passwd, Group);

        Assert.Equal((uid, gid, groups, home), (user.Uid, user.Gid, string.Join(',', user.AdditionalGids), user.Home));
    }

    [Fact]
    public void Groups_are_added_by_name_and_number() =>
        Assert.Equal([10u, 77u, 101u], ContainerUser.Resolve("7", ["77", "extra", "wheel"], Passwd, Group).AdditionalGids);

    [Theory]
    [InlineData("nobody", "unable to find user nobody: no matching entries in passwd file")]
    [InlineData("jane:nogroup", "unable to find group nogroup: no matching entries in group file")]
    [InlineData("-1", "uids and gids must be in range 0-2147483647")]
    [InlineData("2147483648", "uids and gids must be in range 0-2147483647")]
    [InlineData("0:4294967296", "uids and gids must be in range 0-2147483647")]
    [InlineData("high", "uids and gids must be in range 0-2147483647")]
    public void Those_who_are_not_there_are_told_in_Dockers_words(string text, string message)
    {
        byte[] passwd = Passwd.ToArray();
        byte[] group = Group.ToArray();

        Assert.Equal(message, Assert.Throws<StrakeException>(() => ContainerUser.Resolve(text, [], passwd, group)).Message);
    }

    [Fact]
    public void Without_files_there_is_root_and_there_are_numbers()
    {
        Assert.Equal((0u, 0u), (ContainerUser.Resolve("", [], [], []).Uid, ContainerUser.Resolve("", [], [], []).Gid));
        Assert.Equal((5u, 6u), (ContainerUser.Resolve("5:6", [], [], []).Uid, ContainerUser.Resolve("5:6", [], [], []).Gid));
        Assert.Throws<StrakeException>(() => ContainerUser.Resolve("root", [], [], []));
    }
}
