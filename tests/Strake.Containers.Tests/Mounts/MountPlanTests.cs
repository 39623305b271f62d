using Strake.Containers.Mounts;

namespace Strake.Containers.Tests.Mounts;

public sealed class MountPlanTests
{
    [Fact]
    public void Mounts_come_from_all_sides_and_parents_before_what_is_below()
    {
        var host = new HostSettings
        {
            Binds = ["/host:/a/b/c", "named:/a"],
            Mounts = [new MountRequest { Type = "tmpfs", Target = "/t" }],
            Tmpfs = new Dictionary<string, string> { ["/u"] = "" },
        };

        IReadOnlyList<PlannedMount> plan = MountPlan.Of(
            host, ["/image", "/a", "/u"], [new MountPoint { Type = "volume", Name = "from", Destination = "/from", RW = true }]);

        Assert.Equal(
            ["volume named /a", "volume from /from", "volume  /image", "tmpfs  /t", "bind  /a/b/c"],
            plan.Select(static mount => $"{mount.Point.Type} {mount.Point.Name} {mount.Point.Destination}"));
        Assert.Equal("z", plan[0].Point.Mode);
        Assert.True(plan[2].IsAnonymous);
        Assert.True(plan[1].Point.Detail!.NoCopy);
        Assert.Equal("rprivate", plan[4].Point.Propagation);
    }

    [Theory]
    [InlineData("/x", "/x/")]
    [InlineData("/x", "/y/../x")]
    public void The_same_place_twice_is_refused(string first, string second)
    {
        var host = new HostSettings { Binds = [$"one:{first}", $"two:{second}"] };

        Assert.Equal("Duplicate mount point: /x", Assert.Throws<StrakeException>(() => MountPlan.Of(host, [], [])).Message);
    }

    [Fact]
    public void A_bind_over_a_tmpfs_is_refused()
    {
        var host = new HostSettings { Binds = ["one:/x"], Tmpfs = new Dictionary<string, string> { ["/x"] = "" } };

        Assert.Throws<StrakeException>(() => MountPlan.Of(host, [], []));
    }

    [Theory]
    [InlineData("nonsense", null, "/t", "invalid mount config for type \"nonsense\": mount type unknown")]
    [InlineData("bind", null, "/t", "invalid mount config for type \"bind\": field Source must not be empty")]
    [InlineData("bind", "relative", "/t", "invalid mount config for type \"bind\": invalid mount path: 'relative' mount path must be absolute")]
    [InlineData("tmpfs", "/source", "/t", "invalid mount config for type \"tmpfs\": field Source must not be specified")]
    [InlineData("volume", "name", "", "invalid mount config for type \"volume\": field Target must not be empty")]
    public void What_mount_refuses_is_told_in_Dockers_words(string type, string? source, string target, string message)
    {
        var host = new HostSettings { Mounts = [new MountRequest { Type = type, Source = source, Target = target }] };

        Assert.Equal(message, Assert.Throws<StrakeException>(() => MountPlan.Of(host, [], [])).Message);
    }

    [Theory]
    [InlineData("", "noexec,nosuid,nodev")]
    [InlineData("exec,size=64k", "nosuid,nodev,exec,size=64k")]
    [InlineData("mode=700,mode=1777,ro,rw", "noexec,nosuid,nodev,mode=1777,rw")]
    public void A_tmpfs_has_Dockers_defaults_where_nothing_else_is_said(string options, string expected) =>
        Assert.Equal(expected, string.Join(',', TmpfsFlags.Parse(options)));

    [Theory]
    [InlineData("bind")]
    [InlineData("size")]
    [InlineData("lowerdir=/etc")]
    public void An_option_that_a_tmpfs_has_not_is_refused(string option)
    {
        if (option == "size")
            Assert.Equal("size", TmpfsFlags.Parse(option)[^1]);
        else
            Assert.Throws<StrakeException>(() => TmpfsFlags.Parse(option));
    }

    [Theory]
    [InlineData("/a/../../b/./c/", "/b/c")]
    [InlineData("", "/")]
    [InlineData("..", "/")]
    [InlineData("a//b", "/a/b")]
    public void Clean_paths_stay_within_the_root(string path, string expected) => Assert.Equal(expected, ContainerPath.Clean(path));
}
