using System.Text;

namespace Strake.Build.Tests;

public class IgnoreRulesTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("  a \t", "a")]
    [InlineData("/a", "a")]
    [InlineData("a/", "a")]
    [InlineData("./a", "a")]
    [InlineData("a//b/./c/../d", "a/b/d")]
    [InlineData("../a", "../a")]
    [InlineData("/../a", "a")]
    [InlineData("a/..", ".")]
    [InlineData("//a", "a")]
    [InlineData("!a", "!a")]
    [InlineData(" ! /a/ ", "!a")]
    [InlineData("!./a", "!a")]
    [InlineData("# a", "")]
    [InlineData(" # a", "# a")]
    [InlineData("\\#a", "\\#a")]
    [InlineData("", "")]
    [InlineData("a\r\nb\r\n\r\nc", "a|b|c")]
    [InlineData("\ufeffa", "a")]
    [InlineData("\ufeff# a", "")]
    [InlineData("a\n\ufeffb", "a|\ufeffb")]
    [InlineData("\u00a0a\u2003", "a")]
    public void Lines_are_shortened(string file, string patterns) => Assert.Equal(patterns, string.Join('|', Parse(file).Patterns));

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "a/b/c", true)]
    [InlineData("a", "b/a", false)]
    [InlineData("a", "ab", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("*", "a/b", true)]
    [InlineData("*/b", "a/b/c", true)]
    [InlineData("**/b", "b", true)]
    [InlineData("**/b", "a/b/c", true)]
    [InlineData("**/*.log", "a/b.log", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**", "a/b", true)]
    [InlineData("/", "a", false)]
    [InlineData(".", "a", false)]
    [InlineData("*", ".", false)]
    [InlineData("*", "", false)]
    [InlineData("../a", "a", false)]
    public void What_a_rule_matches_is_ignored_and_what_lies_below_it(string file, string path, bool expected) => Assert.Equal(expected, Parse(file).IsIgnored(path));

    [Theory]
    [InlineData("*.md\n!README.md", "README.md", false)]
    [InlineData("*.md\n!README.md", "a.md", true)]
    [InlineData("!README.md\n*.md", "README.md", true)]
    [InlineData("*.md\n!README*.md\nREADME-secret.md", "README-secret.md", true)]
    [InlineData("*.md\n!README*.md\nREADME-secret.md", "README-x.md", false)]
    [InlineData("a\n!a/b", "a/b", false)]
    [InlineData("a\n!a/b", "a/b/c", false)]
    [InlineData("a\n!a/b", "a/c", true)]
    [InlineData("a\n!a/b\na/b/c", "a/b/c/d", true)]
    [InlineData("*\n!src", "src/a/b", false)]
    [InlineData("*\n!src/**", "src", true)]
    [InlineData("*\n!src/**", "src/a", false)]
    [InlineData("a\n!**", "a/b", false)]
    [InlineData("!a\na", "a", true)]
    [InlineData("a\n!a\na", "a/b", true)]
    public void Of_the_rules_that_match_the_last_decides(string file, string path, bool expected) => Assert.Equal(expected, Parse(file).IsIgnored(path));

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a\n!a/b", "a", false)]
    [InlineData("a\n!a/b/c", "a/b", false)]
    [InlineData("a\n!a/b/c", "a/c", true)]
    [InlineData("a\n!b", "a", true)]
    [InlineData("a\n!**/x", "a", false)]
    [InlineData("a\n!*/x", "a", false)]
    [InlineData("a\n!*/x", "a/b", true)]
    [InlineData("node_modules\n!*.md", "node_modules", true)]
    [InlineData("*\n!src/**", "src", false)]
    [InlineData("*\n!src/**", "doc", true)]
    public void A_directory_is_skipped_when_nothing_below_it_can_come_back(string file, string directory, bool expected) =>
        Assert.Equal(expected, Parse(file).CanSkip(Encoding.UTF8.GetBytes(directory)));

    [Fact]
    public void What_is_skipped_holds_nothing_that_is_not_ignored()
    {
        var random = new Random(9);
        string[] names = ["a", "b", "ab"];
        List<string> paths = [.. names, .. names.SelectMany(x => names.Select(y => $"{x}/{y}")), .. names.SelectMany(x => names.SelectMany(y => names.Select(z => $"{x}/{y}/{z}")))];
        string[] pieces = ["a", "b", "*", "**", "a*", "?b", "[ab]"];
        var skipped = 0;
        for (var i = 0; i < 2000; i++)
        {
            var file = string.Join('\n', Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
                (random.Next(3) == 0 ? "!" : "") + string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => pieces[random.Next(pieces.Length)]))));
            var rules = Parse(file);
            foreach (var directory in paths.Where(path => rules.CanSkip(Encoding.UTF8.GetBytes(path))))
            {
                skipped++;
                Assert.All(paths.Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal)), path => Assert.True(rules.IsIgnored(path), $"{file}: {path}"));
            }
        }

        Assert.True(skipped > 1000);
    }

    [Fact]
    public void Names_that_are_no_text_are_ignored_as_others()
    {
        var rules = IgnoreRules.Parse([.. "x*\n"u8, 0xff, 0xfe, .. "*\n!*.keep"u8]);
        Assert.True(rules.IsIgnored([(byte)'x', 0x80]));
        Assert.True(rules.IsIgnored([0xff, 0xfe, (byte)'a']));
        Assert.False(rules.IsIgnored([0xff, 0xfd]));
        Assert.False(rules.IsIgnored([0xff, 0xfe, .. ".keep"u8]));
        Assert.False(rules.CanSkip([0xff]));
    }

    [Fact]
    public void Patterns_can_come_from_elsewhere()
    {
        var rules = IgnoreRules.Of(["*.md", "!a.md", "", "sub/"]);
        Assert.Equal(["*.md", "!a.md", "sub"], rules.Patterns);
        Assert.Equal([true, false, true, false], new[] { "b.md", "a.md", "sub/x", "other" }.Select(rules.IsIgnored));
        Assert.False(IgnoreRules.None.IsIgnored("a"));
    }

    [Theory]
    [InlineData("!", "illegal exclusion pattern: \"!\"")]
    [InlineData("a\n !  ", "illegal exclusion pattern: \"!\"")]
    [InlineData("!/", "illegal exclusion pattern: \"!\"")]
    [InlineData("a[", "syntax error in pattern: \"a[\"")]
    public void What_is_no_pattern_is_refused(string file, string message)
    {
        var refused = Assert.Throws<StrakeException>(() => Parse(file));
        Assert.Equal((ErrorKind.Invalid, message), (refused.Kind, refused.Message));
    }

    [Fact]
    public void Lines_and_files_have_a_bound()
    {
        Assert.Contains("line 2 greater", Assert.Throws<StrakeException>(() => Parse("a\n" + new string('b', DockerfileLimits.LineBytes + 1))).Message, StringComparison.Ordinal);
        Assert.Contains("greater than", Assert.Throws<StrakeException>(() => IgnoreRules.Parse(new byte[DockerfileLimits.IgnoreFileBytes + 1])).Message, StringComparison.Ordinal);
    }

    // Bytes at random: rules or a refusal, and then an answer for any path.
    [Fact]
    public void Any_file_is_rules_or_refused()
    {
        var random = new Random(13);
        byte[][] tokens = [.. new[] { "a", "b", "/", "*", "**", "?", "[", "]", "^", "-", "!", "#", "\\", ".", "..", " ", "\n", "é", "[a-c]" }.Select(Encoding.UTF8.GetBytes), [0xff]];
        byte[] Text(int most) => [.. Enumerable.Range(0, random.Next(most)).SelectMany(_ => tokens[random.Next(tokens.Length)])];
        var read = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var file = Text(20);
            try
            {
                var rules = IgnoreRules.Parse(file);
                var path = Text(10);
                Assert.False(rules.CanSkip(path) && !rules.IsIgnored(path));
                read++;
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.Invalid)
            {
                // Refused in words.
            }
        }

        Assert.InRange(read, 10_000, 50_000);
    }

    static IgnoreRules Parse(string file) => IgnoreRules.Parse(Encoding.UTF8.GetBytes(file));
}
