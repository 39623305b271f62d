using Strake.Containers.Lifecycle;
using Strake.Images;
using Strake.Linux;

namespace Strake.Containers.Tests.Lifecycle;

public sealed class ConfigMergeTests
{
    static readonly ContainerDefaults Image = new()
    {
        Entrypoint = ["/entry"],
        Cmd = ["a", "b"],
        Env = ["A=1", "B=2"],
        User = "jane",
        WorkingDir = "/work",
        Volumes = ["/v"],
        Labels = new Dictionary<string, string> { ["x"] = "image", ["y"] = "image" },
        StopSignal = "SIGINT",
    };

    [Fact]
    public void Nothing_asked_for_is_what_the_image_says()
    {
        ContainerConfig merged = ConfigMerge.Of(new ContainerConfig(), Image);

        Assert.Equal(["/entry"], merged.Entrypoint);
        Assert.Equal(["a", "b"], merged.Cmd);
        Assert.Equal(("jane", "/work", "SIGINT"), (merged.User, merged.WorkingDir, merged.StopSignal));
        Assert.Equal(["/v"], merged.Volumes!.Keys);
    }

    [Fact]
    public void A_command_replaces_the_images_and_keeps_its_entry_point() =>
        Assert.Equal("/entry | c", Commands(new ContainerConfig { Cmd = ["c"] }));

    [Fact]
    public void An_entry_point_takes_the_images_command_away() =>
        Assert.Equal("e | ", Commands(new ContainerConfig { Entrypoint = ["e"] }));

    [Fact]
    public void An_empty_entry_point_removes_the_images() =>
        Assert.Equal(" | c", Commands(new ContainerConfig { Entrypoint = [""], Cmd = ["c"] }));

    [Fact]
    public void Environments_and_labels_are_laid_over_one_another()
    {
        ContainerConfig merged = ConfigMerge.Of(
            new ContainerConfig { Env = ["B=3", "C=4", "A"], Labels = new Dictionary<string, string> { ["x"] = "own" } }, Image);

        Assert.Equal(["B=3", "C=4"], merged.Env);
        Assert.Equal(new Dictionary<string, string> { ["x"] = "own", ["y"] = "image" }, merged.Labels);
    }

    [Fact]
    public void No_command_at_all_is_refused() =>
        Assert.Equal("no command specified", Assert.Throws<StrakeException>(() => ConfigMerge.Of(new ContainerConfig(), image: null)).Message);

    [Theory]
    [InlineData("relative")]
    [InlineData("/proc/self/fd/3")]
    [InlineData("/x/../proc/1/cwd")]
    public void A_directory_that_is_none_of_the_containers_is_refused(string directory) =>
        Assert.Throws<StrakeException>(() => ConfigMerge.Of(new ContainerConfig { WorkingDir = directory }, Image));

    [Theory]
    [InlineData("KILL", 9)]
    [InlineData("sigterm", 15)]
    [InlineData("9", 9)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    public void Signals_are_names_or_numbers(string text, int number) => Assert.Equal((Signal)number, StopSignals.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("NONSENSE")]
    [InlineData("RTMIN+99")]
    [InlineData("NONE")]
    public void What_is_no_signal_is_refused(string text) => Assert.Throws<StrakeException>(() => StopSignals.Parse(text));

    static string Commands(ContainerConfig config)
    {
        ContainerConfig merged = ConfigMerge.Of(config, Image);
        return $"{string.Join(' ', merged.Entrypoint ?? [])} | {string.Join(' ', merged.Cmd ?? [])}";
    }
}
