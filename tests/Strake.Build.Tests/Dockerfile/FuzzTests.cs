using System.Diagnostics;
using System.Globalization;

namespace Strake.Build.Tests;

/// <summary>Whatever comes, it is a tree or a refusal; and a tree makes the round trip.</summary>
public class FuzzTests(ITestOutputHelper output)
{
    // Far more than a mutant of a few kilobytes takes; only a hang takes longer.
    static readonly TimeSpan s_most = TimeSpan.FromSeconds(30);

    static readonly int s_rounds = Setting("STRAKE_FUZZ_ROUNDS", 20_000);
    static readonly int s_seed = Setting("STRAKE_FUZZ_SEED", 11);

    [Fact]
    public void Any_input_is_a_tree_that_makes_the_round_trip_or_is_refused()
    {
        IReadOnlyList<byte[]> seeds = [.. Corpus.Names.Select(Corpus.Read)];
        var random = new Random(s_seed);
        var trees = 0;
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < s_rounds; round++)
        {
            var input = Mutation.Of(seeds, random);
            var begin = Stopwatch.GetTimestamp();
            try
            {
                if (Parse(input) is { } tree)
                {
                    trees++;
                    Assert.Equal(tree, DockerfileParser.Parse(DockerfilePrinter.Print(tree)));
                    Expand(tree);
                }
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round}, {Convert.ToHexString(input)}: {e}");
            }

            Assert.True(Stopwatch.GetElapsedTime(begin) < s_most, $"round {round}, {Convert.ToHexString(input)}: took {Stopwatch.GetElapsedTime(begin)}");
        }

        output.WriteLine($"{s_rounds} inputs, {trees} trees, {Stopwatch.GetElapsedTime(start)}");
        Assert.InRange(trees, s_rounds / 20, s_rounds);
    }

    static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    static Dockerfile? Parse(byte[] input)
    {
        try
        {
            return DockerfileParser.Parse(input, new List<DockerfileWarning>());
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Invalid)
        {
            var fault = DockerfileFault.Of(e);
            Assert.NotNull(fault);
            Assert.True(fault.Lines.Start >= 1 && fault.Lines.End >= fault.Lines.Start, fault.ToString());
            return null;
        }
    }

    // What a builder does with the words: it may be refused, and nothing else.
    static void Expand(Dockerfile tree)
    {
        var expander = new WordExpander(tree.Directives.Escape);
        string? Variable(string name) => name.Length % 3 == 0 ? null : "a*" + name;
        foreach (var instruction in tree.Stages.SelectMany(stage => stage.Instructions))
        {
            try
            {
                _ = instruction switch
                {
                    EnvInstruction env => env.Pairs.Select(pair => expander.Expand(pair.Value, Variable).Text).ToList(),
                    RunInstruction run => run.Mounts.Select(mount => RunMount.Parse(mount, value => expander.Expand(value, Variable).Text).Target).ToList(),
                    FileInstruction files => files.Sources.OfType<InlineSource>().Select(source => WordExpander.ExpandDocument(source.Document.Text, Variable).Text)
                        .Concat(files.Sources.OfType<PathSource>().Select(path => PathPattern.Glob(expander.Expand(path.Word, Variable).Text).Text)).ToList(),
                    OnbuildInstruction onbuild => [DockerfileParser.ParseTrigger(onbuild.Expression).Text],
                    _ => [expander.Expand(instruction.Text, Variable).Text],
                };
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.Invalid)
            {
                // Refused in words.
            }
        }
    }
}
