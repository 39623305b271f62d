using Strake.Images;

namespace Strake.Build.Tests;

public class ConfigChangeTests
{
    [Fact]
    public void Commands_have_two_forms()
    {
        Assert.Equal(["/bin/sh", "-c", "echo $A"], Apply("CMD echo $A").Cmd!);
        Assert.Equal(["a", "b c"], Apply("CMD [\"a\", \"b c\"]").Cmd!);
        Assert.Equal(["/bin/sh", "-c", "[ -f x ]"], Apply("ENTRYPOINT [ -f x ]").Entrypoint!);
        Assert.Equal(["/bin/sh", "-c", ""], Apply("CMD").Cmd!);
    }

    [Fact]
    public void An_entry_point_forgets_the_inherited_command_but_not_a_new_one()
    {
        var start = new ContainerDefaults { Cmd = ["old"] };
        Assert.Null(ConfigChange.Read(["ENTRYPOINT [\"e\"]"])(start).Cmd);
        Assert.Equal(["new"], ConfigChange.Read(["CMD [\"new\"]", "ENTRYPOINT [\"e\"]"])(start).Cmd!);
    }

    [Theory]
    [InlineData("ENV A=1 B=\"2 3\" C='$A' D=$A$B", "A=1|B=2 3|C=$A|D=")]
    [InlineData("ENV A=1\nENV B=${A}x C=${X:-d} D=${A:+y} E=\\$A F=\"\\$A\"", "A=1|B=1x|C=d|D=y|E=$A|F=$A")]
    [InlineData("ENV PATH /a:/b c", "PATH=/a:/b c")]
    [InlineData("ENV A=1\nENV A=2", "A=2")]
    [InlineData("env a=b", "a=b")]
    [InlineData("ENV A=a\\ b", "A=a b")]
    [InlineData("# comment\n\n  ENV A=1  ", "A=1")]
    public void Variables_are_set_and_expanded_as_in_a_Dockerfile(string change, string expected) =>
        Assert.Equal(expected, string.Join('|', Apply(change).Env!));

    [Fact]
    public void The_others_set_what_they_name()
    {
        var config = ConfigChange.Read(
        [
            "LABEL a=b \"c d\"=e", "EXPOSE 80 53/UDP 7-8", "VOLUME /x /y", "VOLUME [\"/z z\"]", "USER me:us", "WORKDIR b/../c", "STOPSIGNAL SIGQUIT",
            "ONBUILD RUN x", "HEALTHCHECK --interval=1m30s --timeout=1.5s --retries=2 CMD curl x",
        ])(new ContainerDefaults { WorkingDir = "/a", ExposedPorts = ["1/tcp"] });
        Assert.Equal([KeyValuePair.Create("a", "b"), KeyValuePair.Create("c d", "e")], config.Labels!);
        Assert.Equal(["1/tcp", "53/udp", "7/tcp", "8/tcp", "80/tcp"], config.ExposedPorts!);
        Assert.Equal(["/x", "/y", "/z z"], config.Volumes!);
        Assert.Equal("me:us", config.User);
        Assert.Equal("/a/c", config.WorkingDir);
        Assert.Equal("SIGQUIT", config.StopSignal);
        Assert.Equal(["RUN x"], config.OnBuild!);
        Assert.Equal(["CMD-SHELL", "curl x"], config.Healthcheck!.Test!);
        Assert.Equal((90_000_000_000, 1_500_000_000, 2), (config.Healthcheck.IntervalNanoseconds, config.Healthcheck.TimeoutNanoseconds, config.Healthcheck.Retries));
        Assert.Equal(["NONE"], Apply("HEALTHCHECK NONE").Healthcheck!.Test!);
    }

    [Theory]
    [InlineData("RUN x", "RUN is not a valid change command")]
    [InlineData("COPY a b", "COPY is not a valid change command")]
    [InlineData("nonsense", "nonsense is not a valid change command")]
    [InlineData("ENV", "ENV requires")]
    [InlineData("ENV A", "must have two arguments")]
    [InlineData("ENV A=1 B", "can't find =")]
    [InlineData("ENV =1", "can not be blank")]
    [InlineData("ENV A=\"x", "looking for matching")]
    [InlineData("ENV A=${x", "in substitution")]
    [InlineData("ENV A=${}", "bad substitution")]
    [InlineData("EXPOSE 99999", "invalid containerPort: 99999")]
    [InlineData("ONBUILD ONBUILD RUN x", "Chaining ONBUILD")]
    [InlineData("ONBUILD FROM x", "isn't allowed as an ONBUILD trigger")]
    [InlineData("HEALTHCHECK --interval=x CMD y", "invalid duration")]
    [InlineData("HEALTHCHECK FOO", "Unknown type")]
    [InlineData("HEALTHCHECK CMD", "Missing command")]
    public void What_is_no_change_is_refused(string change, string message)
    {
        var refused = Assert.Throws<StrakeException>(() => Apply(change));
        Assert.Equal(ErrorKind.Invalid, refused.Kind);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    static ContainerDefaults Apply(string change) => ConfigChange.Read([change])(new ContainerDefaults());
}
