using System.Diagnostics;
using System.Text;

namespace Strake.Build.Tests;

/// <summary>Inputs that are made to take long take no longer than others of their length.</summary>
public class HostileInputTests
{
    // What takes longer than this is not linear: each takes a second or so.
    static readonly TimeSpan s_most = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string> Files => new()
    {
        { "a line of 16 MB", "FROM x\nRUN " + Repeat("a", 16_000_000) },
        { "lines of 64 KB, continued", "FROM x\nRUN a \\\n" + Repeat(Repeat("b", 60_000) + "\\\n", 200) },
        { "many continued lines", "FROM x\nRUN a \\\n" + Repeat(" b \\\n", 300_000) },
        { "many empty continued lines", "FROM x\nRUN a \\\n" + Repeat("\n", 1_000_000) },
        { "many comments", Repeat("#\n", 1_000_000) + "FROM x" },
        { "many instructions", "FROM x\n" + Repeat("RUN a\n", 100_000) },
        { "many stages", Repeat("FROM x AS y\n", 100_000) },
        { "many here-documents in a line", "FROM x\nRUN " + Repeat("<<A ", 15_000) + "\n" + Repeat("A\n", 15_000) },
        { "many here-documents in continued lines", "FROM x\nCOPY " + Repeat("<<A \\\n", 40_000) + "/x\n" + Repeat("A\n", 40_000) },
        { "a here-document that never ends", "FROM x\nRUN <<A\n" + Repeat("B\n", 1_000_000) },
        { "many here-documents that never end", "FROM x\n" + Repeat("RUN <<A\n", 500_000) },
        { "many names that are no here-documents", "FROM x\nRUN " + Repeat("a<<b ", 12_000) },
        { "a name of 60 KB", "FROM x\nRUN <<" + Repeat("a", 60_000) + "\n" + Repeat("a", 60_000) + "\n" },
        { "nested expressions around a here-document", "FROM x\nRUN " + Repeat("${a:-", 10_000) + " <<A\nA\n" },
        { "nested quotes around a here-document", "FROM x\nRUN " + Repeat("\"${a:-'", 8_000) + " <<A\nA\n" },
        { "nested JSON", "FROM x\nRUN " + Repeat("[", 60_000) },
        { "deeply nested JSON in continued lines", "FROM x\nRUN " + Repeat(Repeat("[", 60_000) + "\\\n", 200) },
        { "JSON of many words", "FROM x\nRUN [" + Repeat("\"a\",", 15_000) + "\"a\"]" },
        { "many flags", "FROM x\nRUN " + Repeat("--mount=a ", 6_000) + "b" },
        { "many flags in continued lines", "FROM x\nRUN " + Repeat("--mount=type=cache \\\n", 100_000) + "b" },
        { "one flag of quotes", "FROM x\nRUN --mount=" + Repeat("\"\"", 30_000) + " b" },
        { "many pairs", "FROM x\nENV " + Repeat("a=b \\\n", 200_000) + "c=d" },
        { "many quotes", "FROM x\nENV a=" + Repeat("\"'\"'", 15_000) },
        { "many escapes", "FROM x\nENV a=" + Repeat("\\", 60_000) + "b" },
        { "triggers of triggers", "FROM x\n" + Repeat("ONBUILD ", 8_000) + "RUN x" },
        { "triggers of triggers in continued lines", "FROM x\n" + Repeat("ONBUILD \\\n", 300_000) + "RUN x" },
        { "a keyword of 16 MB", "FROM x\n" + Repeat(Repeat("A", 60_000) + "\\\n", 200) },
        { "a flag's name of 12 MB", "FROM x\nRUN --" + Repeat(Repeat("A", 60_000) + "\\\n", 200) + " x" },
        { "many directives", Repeat("# syntax=x\n", 100_000) },
        { "blanks", "FROM x\nRUN " + Repeat(" ", 60_000) + "a" + Repeat("\t ", 2_000) },
        { "blanks and an escape", "FROM x\nRUN a" + Repeat(" \\ ", 20_000) + "\n" },
        { "many sources", "FROM x\nCOPY " + Repeat("a \\\n", 20_000) + "/x" },
        { "sources that are here-documents with quotes", "FROM x\nCOPY " + Repeat("<<\"A\" \\\n", 20_000) + "/x\n" + Repeat("A\n", 20_000) },
        { "nothing but zeros", Repeat("\0", 60_000) },
    };

    public static TheoryData<string, string> Words => new()
    {
        { "nested words", Repeat("${a:-", 10_000) + Repeat("}", 10_000) },
        { "words nested as deep as they may be", Repeat("${a:-" + Repeat("x", 500), 99) + Repeat("}", 99) },
        { "open words", Repeat("${a:-", 10_000) },
        { "open quotes in open words", Repeat("\"${a:-", 10_000) },
        { "long values", Repeat("$long", 10_000) },
        { "long values that are not used", Repeat("${long:+}", 6_000) },
        { "long words that are not used", Repeat("${long:-$long}", 4_000) },
        { "nested long words", Repeat("${none:-$long", 90) + Repeat("}", 90) },
        { "stars", "${long##" + Repeat("*a", 5_000) + "b}" },
        { "stars from the end", "${long%%b" + Repeat("a*", 5_000) + "}" },
        { "replaced stars", "${long//" + Repeat("*a", 5_000) + "b/x}" },
        { "replaced letters", "${long//a/" + Repeat("x", 5_000) + "}" },
        { "replaced nothings", Repeat("${long///}", 100) },
        { "questions", "${long//" + Repeat("?", 10_000) + "b/x}" },
        { "single quotes", Repeat("''", 30_000) },
        { "brackets", Repeat("<", 60_000) },
        { "here-document marks", Repeat("<< ", 20_000) },
        { "dollars", Repeat("$", 60_000) },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Files_are_read_in_linear_time(string what, string text)
    {
        Bounded(what, () =>
        {
            foreach (var piece in new[] { text, text.Replace("\\\n", " ", StringComparison.Ordinal) }.Distinct())
            {
                if (Try(() => DockerfileParser.Parse(Encoding.UTF8.GetBytes(piece))) is { } tree) Try(() => DockerfilePrinter.Print(tree));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Words_are_expanded_in_bounded_time(string what, string word)
    {
        var value = Repeat("a", 100_000);
        Bounded(what, () => Try(() => new WordExpander().Expand(word, name => name == "long" ? value : null).Text));
        Bounded(what, () => Try(() => WordExpander.ExpandDocument(word, name => name == "long" ? value : null).Text));
    }

    [Fact]
    public void Values_do_not_grow_without_bound()
    {
        var value = "ab";
        var refused = Assert.Throws<StrakeException>(() =>
        {
            for (var i = 0; i < 64; i++) value = new WordExpander().Expand("$a$a", _ => value).Text;
        });
        Assert.EndsWith($"the result is longer than {DockerfileLimits.ExpandedChars} characters", refused.Message, StringComparison.Ordinal);
        Assert.InRange(value.Length, DockerfileLimits.ExpandedChars / 2, DockerfileLimits.ExpandedChars);
    }

    [Fact]
    public void Expressions_are_not_nested_without_bound()
    {
        string Nested(int depth) => Repeat("${a:-", depth) + "x" + Repeat("}", depth);
        Assert.Equal("x", new WordExpander().Expand(Nested(DockerfileLimits.ExpansionDepth - 1), _ => null).Text);
        var refused = Assert.Throws<StrakeException>(() => new WordExpander().Expand(Nested(DockerfileLimits.ExpansionDepth), _ => null));
        Assert.Contains($"expressions are nested more than {DockerfileLimits.ExpansionDepth} deep", refused.Message, StringComparison.Ordinal);
    }

    static void Bounded(string what, Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        Assert.True(Stopwatch.GetElapsedTime(start) < s_most, $"{what}: {Stopwatch.GetElapsedTime(start)}");
    }

    static T? Try<T>(Func<T> action)
        where T : class
    {
        try
        {
            return action();
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Invalid)
        {
            return null;
        }
    }

    static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
