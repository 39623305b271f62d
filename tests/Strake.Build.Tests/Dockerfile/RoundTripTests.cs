using System.Text;

namespace Strake.Build.Tests;

public class RoundTripTests
{
    public static TheoryData<string> Names => [.. Corpus.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_is_printed_so_that_it_is_read_again(string name) => MakesTheRoundTrip(DockerfileParser.Parse(Corpus.Read(name)));

    [Fact]
    public void A_tree_is_printed_so_that_it_is_read_again()
    {
        var trees = new GeneratedTree(new Random(5));
        for (var i = 0; i < 3000; i++) MakesTheRoundTrip(trees.Next());
    }

    // Each was a mutant that did not come back.
    [Theory]
    [InlineData("COPY <<\f A <<B /x/\nB\n")]
    [InlineData("COPY [\"a\", \"b\\nc\", \"d\"]")]
    [InlineData("LABEL a=\"b \\\u2003")]
    [InlineData("ENV a\\\t\tb=c")]
    [InlineData("RUN a \\\f")]
    [InlineData("CMD -- --a")]
    [InlineData("RUN --mount='\"a=b c\"' <<E cat\nE\n")]
    [InlineData("COPY \\\v <<A /x/\nA\n")]
    [InlineData("RUN --mount='a=${b^}' <<E cat\nE\n")]
    [InlineData("COPY <<\\'a <<-b'$'c /\n'a\nb$c\n")]
    [InlineData("VOLUME [\u00a0 \"a\"]")]
    [InlineData("ONBUILD RUN a\r\\")]
    public void Odd_forms_come_back(string text)
    {
        var tree = DockerfileParser.Parse("FROM x\n" + text);
        Assert.NotEmpty(tree.Stages[0].Instructions);
        MakesTheRoundTrip(tree);
    }

    [Fact]
    public void A_tree_is_printed_in_one_way()
    {
        const string Text = """
            #  syntax = a
            # escape=`
            arg  X=1  Y
            from --platform="$P" base as B
            env   a=b   c="d e"
            copy --from=x --link  a `
               b /c/
            copy ["a b", "/c"]
            run --network=none --mount=type=cache,target=/c   make  all
            healthcheck --interval=1m30s --timeout=5ms cmd ["x"]
            run <<-E cat
            	text
            	E
            onbuild  user  z
            """;
        const string Expected = """
            # syntax=a
            # escape=`
            ARG X=1 Y
            FROM --platform=$P base AS b
            ENV a=b c="d e"
            COPY --from=x --link=true a b /c/
            COPY ["a b", "/c"]
            RUN --mount=type=cache,target=/c --network=none make  all
            HEALTHCHECK --interval=90s --timeout=5ms CMD ["x"]
            RUN <<-E cat
            	text
            E
            ONBUILD user  z

            """;
        Assert.Equal(Expected, DockerfilePrinter.Print(DockerfileParser.Parse(Text)));
    }

    static void MakesTheRoundTrip(Dockerfile tree)
    {
        var text = DockerfilePrinter.Print(tree);
        Dockerfile? again = null;
        try
        {
            again = DockerfileParser.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (StrakeException e)
        {
            Assert.Fail($"{e.Message}\n{text}");
        }

        Assert.True(tree.Equals(again), $"{tree}\n\n{again}\n\n{text}");
        Assert.Equal(text, DockerfilePrinter.Print(again!));
    }
}
