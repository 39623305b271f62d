namespace Strake.Build.Tests;

/// <summary>What is refused, in the words that Docker's users know, and the line to show.</summary>
public class DockerfileErrorTests
{
    [Theory]
    [InlineData("", 1, "the Dockerfile cannot be empty")]
    [InlineData("# only a comment\n\n", 2, "file with no instructions")]
    [InlineData("\ufeff", 1, "file with no instructions")]
    [InlineData("\\\n", 1, "dockerfile parse error on line 1: unknown instruction: ")]
    [InlineData("RUN foo", 1, "no build stage in current context")]
    [InlineData("ENV a=b\nRUNN x\nFROM x", 1, "no build stage in current context")]
    [InlineData("ARG a", 1, "dockerfile contains no stages to build")]
    [InlineData("# escape=x\nFROM x", 1, "invalid escape token 'x' does not match ` or \\")]
    [InlineData("# escape=`\n# escape=`\nFROM x", 2, "only one escape parser directive can be used")]
    [InlineData("# syntax=a\n# syntax=b\nFROM x", 2, "only one syntax parser directive can be used")]
    public void Files(string text, int line, string message) => Refused(text, line, message);

    [Theory]
    [InlineData("RUNN foo", "unknown instruction: RUNN (did you mean RUN?)")]
    [InlineData("runn foo", "unknown instruction: runn (did you mean run?)")]
    [InlineData("Coppy a b", "unknown instruction: Coppy (did you mean copy?)")]
    [InlineData("FOOBAR a", "unknown instruction: FOOBAR")]
    [InlineData("RUN\u00a0x", "unknown instruction: RUN\u00a0x (did you mean run?)")]
    [InlineData("FROM", "FROM requires either one or three arguments")]
    [InlineData("FROM a b", "FROM requires either one or three arguments")]
    [InlineData("FROM a by c", "FROM requires either one or three arguments")]
    [InlineData("FROM a AS b c", "FROM requires either one or three arguments")]
    [InlineData("FROM --platform=x", "FROM requires either one or three arguments")]
    [InlineData("FROM a AS 1x", "invalid name for build stage: \"1x\", name can't start with a number or contain symbols")]
    [InlineData("FROM a AS a$", "invalid name for build stage: \"a$\", name can't start with a number or contain symbols")]
    [InlineData("FROM --as=x a", "unknown flag: --as")]
    [InlineData("ARG", "ARG requires at least one argument")]
    [InlineData("ARG =b", "ARG names can not be blank")]
    [InlineData("ENV", "ENV requires at least one argument")]
    [InlineData("ENV =b", "ENV names can not be blank")]
    [InlineData("ENV --x a=b", "unknown flag: --x")]
    [InlineData("LABEL", "LABEL requires at least one argument")]
    [InlineData("LABEL a=b =c", "LABEL names can not be blank")]
    [InlineData("RUN --foo x", "unknown flag: --foo")]
    [InlineData("RUN --mount x", "missing a value on flag: --mount")]
    [InlineData("RUN --mount=from=$a,target=/x x", "'from' doesn't support variable expansion, define alias stage instead")]
    [InlineData("RUN --mount='a\"b' x", "failed to parse csv mounts: parse error on line 1, column 2: bare \" in non-quoted-field")]
    [InlineData("RUN --mount='\"a' x", "failed to parse csv mounts: parse error on line 1, column 2: extraneous or missing \" in quoted-field")]
    [InlineData("RUN --mount= x", "failed to parse csv mounts: EOF")]
    [InlineData("RUN --network=foo x", "invalid network mode \"foo\"")]
    [InlineData("RUN --network= x", "invalid network mode \"\"")]
    [InlineData("RUN --security=foo x", "security \"foo\" is not valid")]
    [InlineData("RUN --device=foo x", "RUN --device is not supported: this builder gives no devices to builds")]
    [InlineData("COPY", "COPY requires at least two arguments, but only one was provided. Destination could not be determined")]
    [InlineData("COPY a", "COPY requires at least two arguments, but only one was provided. Destination could not be determined")]
    [InlineData("COPY [\"a\"]", "COPY requires at least two arguments, but only one was provided. Destination could not be determined")]
    [InlineData("ADD a", "ADD requires at least two arguments, but only one was provided. Destination could not be determined")]
    [InlineData("COPY --foo=x a b", "unknown flag: --foo (did you mean from?)")]
    [InlineData("COPY --chonw=x a b", "unknown flag: --chonw (did you mean chown?)")]
    [InlineData("COPY --checksum=x a b", "unknown flag: --checksum")]
    [InlineData("ADD --from=x a b", "unknown flag: --from")]
    [InlineData("COPY --chown a b", "missing a value on flag: --chown")]
    [InlineData("COPY --link= a b", "missing a value on flag: --link")]
    [InlineData("COPY --link=maybe a b", "expecting boolean value for flag --link, not: maybe")]
    [InlineData("COPY --from=a --from=b c d", "duplicate flag specified: --from")]
    [InlineData("COPY a <<EOF\nfoo\nEOF", "COPY cannot accept a heredoc as a destination")]
    [InlineData("ADD a <<EOF\nfoo\nEOF", "ADD cannot accept a heredoc as a destination")]
    [InlineData("COPY <<\"E F\" /x\nfoo\nE F", "COPY: quotes or blanks make it unclear where here-documents are: write each as <<NAME, between blanks")]
    [InlineData("WORKDIR", "WORKDIR requires exactly one argument")]
    [InlineData("USER", "USER requires exactly one argument")]
    [InlineData("MAINTAINER", "MAINTAINER requires exactly one argument")]
    [InlineData("STOPSIGNAL", "STOPSIGNAL requires exactly one argument")]
    [InlineData("VOLUME", "VOLUME requires at least one argument")]
    [InlineData("VOLUME []", "VOLUME requires at least one argument")]
    [InlineData("VOLUME [\"a\", \" \"]", "VOLUME specified can not be an empty string")]
    [InlineData("EXPOSE", "EXPOSE requires at least one argument")]
    [InlineData("CMD --x y", "unknown flag: --x")]
    [InlineData("SHELL", "SHELL requires at least one argument")]
    [InlineData("SHELL []", "SHELL requires at least one argument")]
    [InlineData("SHELL sh -c", "SHELL requires the arguments to be in JSON form")]
    [InlineData("HEALTHCHECK", "HEALTHCHECK requires at least one argument")]
    [InlineData("HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD")]
    [InlineData("HEALTHCHECK CMD []", "Missing command after HEALTHCHECK CMD")]
    [InlineData("HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments")]
    [InlineData("HEALTHCHECK foo x", "Unknown type \"FOO\" in HEALTHCHECK (try CMD)")]
    [InlineData("HEALTHCHECK --interval=abc CMD x", "time: invalid duration \"abc\"")]
    [InlineData("HEALTHCHECK --interval=5 CMD x", "time: missing unit in duration \"5\"")]
    [InlineData("HEALTHCHECK --interval=5x CMD x", "time: unknown unit \"x\" in duration \"5x\"")]
    [InlineData("HEALTHCHECK --interval=9999999h CMD x", "time: invalid duration \"9999999h\"")]
    [InlineData("HEALTHCHECK --timeout=1us CMD x", "Interval \"timeout\" cannot be less than 1ms")]
    [InlineData("HEALTHCHECK --start-period=-1s CMD x", "Interval \"start-period\" cannot be less than 1ms")]
    [InlineData("HEALTHCHECK --retries=abc CMD x", "strconv.ParseInt: parsing \"abc\": invalid syntax")]
    [InlineData("HEALTHCHECK --retries=99999999999 CMD x", "strconv.ParseInt: parsing \"99999999999\": value out of range")]
    [InlineData("HEALTHCHECK --retries=-1 CMD x", "--retries cannot be negative (-1)")]
    [InlineData("HEALTHCHECK --foo CMD x", "unknown flag: --foo")]
    [InlineData("ONBUILD", "ONBUILD requires at least one argument")]
    [InlineData("ONBUILD --foo RUN x", "unknown flag: --foo")]
    [InlineData("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger")]
    [InlineData("ONBUILD maintainer x", "MAINTAINER isn't allowed as an ONBUILD trigger")]
    [InlineData("ONBUILD ONBUILD RUN x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")]
    public void Instructions(string text, string message) => Refused("FROM x\n\n" + text, 3, "dockerfile parse error on line 3: " + message);

    // What is told while the file is taken apart names no line in its text.
    [Theory]
    [InlineData("ENV a", "ENV must have two arguments")]
    [InlineData("LABEL a", "LABEL must have two arguments")]
    [InlineData("ONBUILD ENV a", "ENV must have two arguments")]
    [InlineData("ENV a=b c", "Syntax error - can't find = in \"c\". Must be of the form: name=value")]
    [InlineData("CMD [\"a\", 1]", "when using JSON array syntax, arrays must be comprised of strings only")]
    [InlineData("COPY [\"a\", null]", "when using JSON array syntax, arrays must be comprised of strings only")]
    [InlineData("HEALTHCHECK CMD [[]]", "when using JSON array syntax, arrays must be comprised of strings only")]
    [InlineData("RUN <<EOF\nfoo", "unterminated heredoc")]
    [InlineData("RUN <<-EOF\nfoo\n EOF", "unterminated heredoc")]
    public void Shapes(string text, string message) => Refused("FROM x\n\n" + text, 3, message);

    [Theory]
    [InlineData("RUN a\nRUN b", "onbuild trigger should be a single expression")]
    [InlineData("# c", "onbuild trigger should be a single expression")]
    [InlineData("FROM x", "FROM isn't allowed as an ONBUILD trigger")]
    [InlineData("ONBUILD RUN x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")]
    [InlineData("RUNN x", "dockerfile parse error on line 1: unknown instruction: RUNN (did you mean RUN?)")]
    public void Triggers(string text, string message) => Assert.Equal(message, Assert.Throws<StrakeException>(() => DockerfileParser.ParseTrigger(text)).Message);

    [Fact]
    public void The_lines_of_a_fault_are_those_of_its_instruction()
    {
        var refused = Assert.Throws<StrakeException>(() => DockerfileParser.Parse("FROM x\nRUN a\nCOPY \\\n --x=1 \\\n <<E b\nE\n"));
        Assert.Equal(new SourceLines(3, 6), DockerfileFault.Of(refused)!.Lines);
        Assert.Null(DockerfileFault.Of(StrakeException.Invalid("of something else")));
    }

    [Fact]
    public void Messages_have_a_bound()
    {
        var refused = Assert.Throws<StrakeException>(() => DockerfileParser.Parse("FROM x\n" + new string('A', 60_000)));
        Assert.StartsWith("dockerfile parse error on line 2: unknown instruction: AAA", refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 1000, 5000);
    }

    static void Refused(string text, int line, string message)
    {
        var refused = Assert.Throws<StrakeException>(() => DockerfileParser.Parse(text));
        Assert.Equal((ErrorKind.Invalid, message, line), (refused.Kind, refused.Message, DockerfileFault.Of(refused)?.Lines.Start));
    }
}
