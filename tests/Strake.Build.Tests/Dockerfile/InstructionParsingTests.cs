namespace Strake.Build.Tests;

public class InstructionParsingTests
{
    [Theory]
    [InlineData("ARG a", "a", null)]
    [InlineData("ARG a=", "a", "")]
    [InlineData("ARG a=b=c", "a", "b=c")]
    [InlineData("ARG a=\"b c\"", "a", "\"b c\"")]
    [InlineData("ARG a=b\\ c", "a", "b\\ c")]
    [InlineData("ARG --flags=are --not=looked-at a=b", "a", "b")]
    public void ARG_declares_names_with_or_without_a_default(string text, string name, string? value) =>
        Assert.Equal(new ArgInstruction { Declarations = [new(name, value)] }, Parse(text));

    [Theory]
    [InlineData("ENV a=b", "a=b")]
    [InlineData("ENV a=b c=d", "a=b|c=d")]
    [InlineData("ENV a=\"b c\" d='e f' g=h\\ i", "a=\"b c\"|d='e f'|g=h\\ i")]
    [InlineData("ENV a=b\"c d\"e", "a=b\"c d\"e")]
    [InlineData("ENV a='\\' b=c", "a='\\'|b=c")]
    [InlineData("ENV a=\"\\\"\" b=c", "a=\"\\\"\"|b=c")]
    [InlineData("ENV \"a b\"=c", "\"a b\"=c")]
    [InlineData("ENV a=", "a=")]
    [InlineData("ENV a==b", "a==b")]
    public void ENV_has_pairs(string text, string pairs) =>
        Assert.Equal((pairs, false), Parse(text) is EnvInstruction env ? (string.Join('|', env.Pairs.Select(p => $"{p.Key}={p.Value}")), env.IsLegacy) : default);

    [Theory]
    [InlineData("ENV a b", "a", "b")]
    [InlineData("ENV  a   b  c ", "a", "b  c")]
    [InlineData("ENV a b=c", "a", "b=c")]
    [InlineData("ENV a \"b\" 'c", "a", "\"b\" 'c")]
    [InlineData("ENV a\tb", "a", "b")]
    public void ENV_has_an_old_form(string text, string key, string value) =>
        Assert.Equal(new EnvInstruction { Pairs = [new(key, value)], IsLegacy = true }, Parse(text));

    [Fact]
    public void LABEL_is_as_ENV()
    {
        Assert.Equal(new LabelInstruction { Pairs = [new("\"a.b\"", "\"c d\""), new("e", "f")] }, Parse("LABEL \"a.b\"=\"c d\" e=f"));
        Assert.Equal(new LabelInstruction { Pairs = [new("a", "b c")], IsLegacy = true }, Parse("LABEL a b c"));
    }

    [Theory]
    [InlineData("CMD a b", "a b")]
    [InlineData("CMD", "")]
    [InlineData("CMD [a, b]", "[a, b]")]
    [InlineData("CMD [\"a\"", "[\"a\"")]
    [InlineData("CMD ['a']", "['a']")]
    [InlineData("CMD [\"a\",]", "[\"a\",]")]
    [InlineData("CMD [\"a\"] b", "[\"a\"] b")]
    [InlineData("CMD \"a\"", "\"a\"")]
    [InlineData("CMD -- --a", "--a")]
    [InlineData("CMD -a", "-a")]
    public void Commands_have_a_shell_form(string text, string line)
    {
        Assert.Equal(new CmdInstruction { Command = new ShellCommand(line) }, Parse(text));
        Assert.Equal(new EntrypointInstruction { Command = new ShellCommand(line) }, Parse("ENTRYPOINT" + text[3..]));
        Assert.Equal(new RunInstruction { Command = new ShellCommand(line) }, Parse("RUN" + text[3..]));
    }

    [Theory]
    [InlineData("CMD []")]
    [InlineData("CMD [\"a\", \"b c\"]", "a", "b c")]
    [InlineData("CMD   [ \"a\" ,\t\"\" ] ", "a", "")]
    [InlineData("CMD [\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"]", "\"\\/\b\f\n\r\té")]
    [InlineData("CMD [\"\\ud83d\\udc33 \\ud800\"]", "🐳 \ufffd")]
    public void Commands_have_an_exec_form(string text, params string[] words)
    {
        Assert.Equal(new CmdInstruction { Command = new ExecCommand([.. words]) }, Parse(text));
        Assert.Equal(new EntrypointInstruction { Command = new ExecCommand([.. words]) }, Parse("ENTRYPOINT" + text[3..]));
        Assert.Equal(new RunInstruction { Command = new ExecCommand([.. words]) }, Parse("RUN" + text[3..]));
    }

    [Fact]
    public void RUN_has_flags()
    {
        var run = Assert.IsType<RunInstruction>(Parse("RUN --mount=type=cache,target=/c --network=none --mount=\"type=bind,source=a b,target=/x\" --security=insecure  make"));
        Assert.Equal(["type=cache,target=/c", "type=bind,source=a b,target=/x"], run.Mounts);
        Assert.Equal((RunNetwork.None, RunSecurity.Insecure, new ShellCommand("make")), (run.Network, run.Security, run.Command));
    }

    [Fact]
    public void COPY_has_flags()
    {
        var expected = new CopyInstruction
        {
            From = "b", Owner = "c:d", Mode = "u=rw", IsLinked = true, KeepsParents = true, Excludes = ["*.md", "e f"],
            Sources = [new PathSource("g"), new PathSource("h*")], Destination = "/i/",
        };
        Assert.Equal(expected, Parse("COPY --from=b --chown=c:d --chmod=u=rw --link --parents --exclude=*.md --exclude=e\\ f g h* /i/"));
        Assert.Equal(expected with { IsLinked = false, KeepsParents = false, Excludes = [] }, Parse("COPY --from=b --chown=c:d --chmod=u=rw --link=false --parents=FALSE g h* /i/"));
        Assert.Equal(new CopyInstruction { Sources = [new PathSource("a")], Destination = "b" }, Parse("COPY --from= --chown= a b"));
    }

    [Fact]
    public void ADD_has_flags()
    {
        var expected = new AddInstruction
        {
            Checksum = "sha256:x", KeepsGitDirectory = true, Unpacks = false, Owner = "1", Sources = [new PathSource("https://a/b")], Destination = "/",
        };
        Assert.Equal(expected, Parse("ADD --checksum=sha256:x --keep-git-dir --unpack=false --chown=1 https://a/b /"));
        Assert.Equal(new AddInstruction { Sources = [new PathSource("a")], Destination = "b" }, Parse("ADD a b"));
    }

    [Fact]
    public void Sources_are_words_or_JSON()
    {
        Assert.Equal(new CopyInstruction { Sources = [new PathSource("\"a"), new PathSource("b\"")], Destination = "/c" }, Parse("COPY \"a b\" /c"));
        Assert.Equal(new CopyInstruction { Sources = [new PathSource("a b"), new PathSource("$c")], Destination = "/d e" }, Parse("COPY [\"a b\", \"$c\", \"/d e\"]"));
        Assert.Equal(new CopyInstruction { Sources = [new PathSource("<<EOF")], Destination = "/" }, Parse("COPY [\"<<EOF\", \"/\"]"));
        Assert.Equal(new CopyInstruction { Sources = [new PathSource("[a]")], Destination = "/" }, Parse("COPY [a] /"));
    }

    [Fact]
    public void The_others_hold_what_they_say()
    {
        Assert.Equal(new WorkdirInstruction { Path = "/a b  c" }, Parse("WORKDIR  /a b  c "));
        Assert.Equal(new UserInstruction { User = "$u:g" }, Parse("USER $u:g"));
        Assert.Equal(new StopsignalInstruction { Signal = "9" }, Parse("STOPSIGNAL --x 9"));
        Assert.Equal(new MaintainerInstruction { Author = "A <a@b>" }, Parse("MAINTAINER A <a@b>"));
        Assert.Equal(new ExposeInstruction { Ports = ["80", "53/udp", "$p"] }, Parse("EXPOSE 80  53/udp\t$p"));
        Assert.Equal(new VolumeInstruction { Paths = ["/a", "$b"] }, Parse("VOLUME /a $b"));
        Assert.Equal(new VolumeInstruction { Paths = ["/a b", "/c"] }, Parse("VOLUME [\"/a b\", \" /c \"]"));
        Assert.Equal(new ShellInstruction { Words = ["/bin/sh", "-c"] }, Parse("SHELL [\"/bin/sh\", \"-c\"]"));
    }

    [Fact]
    public void HEALTHCHECK_has_a_command_and_times()
    {
        Assert.Equal(new HealthcheckInstruction { Command = null }, Parse("HEALTHCHECK NONE"));
        Assert.Equal(new HealthcheckInstruction { Command = new ShellCommand("a  b") }, Parse("HEALTHCHECK CMD a  b"));
        Assert.Equal(new HealthcheckInstruction { Command = new ExecCommand(["a"]) }, Parse("HEALTHCHECK cmd [\"a\"]"));
        var expected = new HealthcheckInstruction
        {
            Command = new ShellCommand("x"), Interval = TimeSpan.FromSeconds(90), Timeout = TimeSpan.FromMilliseconds(1500), StartPeriod = TimeSpan.FromHours(1),
            StartInterval = TimeSpan.FromMicroseconds(1000.5), Retries = 3,
        };
        Assert.Equal(expected, Parse("HEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=1h --start-interval=1000.5us --retries=3 CMD x"));
        Assert.Equal(new HealthcheckInstruction { Command = new ShellCommand("x") }, Parse("HEALTHCHECK --interval=0 --timeout= --retries=0 CMD x"));
    }

    [Fact]
    public void ONBUILD_holds_its_trigger_as_text_and_read()
    {
        var onbuild = Assert.IsType<OnbuildInstruction>(Parse("onbuild  run --network=none  x"));
        Assert.Equal("run --network=none  x", onbuild.Expression);
        Assert.Equal(new RunInstruction { Command = new ShellCommand("x"), Network = RunNetwork.None }, onbuild.Trigger);
        Assert.Equal(onbuild.Trigger, DockerfileParser.ParseTrigger(onbuild.Expression));
    }

    [Fact]
    public void A_trigger_keeps_its_here_documents()
    {
        var onbuild = Assert.IsType<OnbuildInstruction>(Parse("ONBUILD COPY <<A <<-B /x/\na\nA\n\tb\n\tB\n"));
        Assert.Equal("COPY <<A <<-B /x/\na\nA\n\tb\nB", onbuild.Expression);
        Assert.Equal(onbuild.Trigger, DockerfileParser.ParseTrigger(onbuild.Expression));
    }

    // As Docker: the builds on the image fail.
    [Theory]
    [InlineData("ONBUILD FOO x")]
    [InlineData("ONBUILD COPY x")]
    public void A_trigger_that_cannot_be_read_is_kept_as_text(string text)
    {
        var onbuild = Assert.IsType<OnbuildInstruction>(Parse(text));
        Assert.Equal((text["ONBUILD ".Length..], null), (onbuild.Expression, onbuild.Trigger));
        Assert.Throws<StrakeException>(() => DockerfileParser.ParseTrigger(onbuild.Expression));
    }

    static Instruction Parse(string text) => Assert.Single(DockerfileParser.Parse("FROM x\n" + text).Stages[0].Instructions);
}
