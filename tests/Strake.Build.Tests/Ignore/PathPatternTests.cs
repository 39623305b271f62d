using System.Diagnostics;
using System.Text;

namespace Strake.Build.Tests;

public class PathPatternTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("*", "abc", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("*", ".hidden", true)]
    [InlineData("a*c", "abbc", true)]
    [InlineData("a*c", "a/c", false)]
    [InlineData("a/*", "a/b", true)]
    [InlineData("a/*", "a", false)]
    [InlineData("*/*", "a/b", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "aéc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[^a-c]x", "dx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("[abx-z]", "y", true)]
    [InlineData("[à-ü]", "é", true)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[\\-a]", "-", true)]
    [InlineData("[*]", "*", true)]
    [InlineData("[*]", "a", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("\\a", "a", true)]
    [InlineData("a]", "a]", true)]
    [InlineData("**", "ab", true)]
    [InlineData("**", "a/b", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("(a|b){2}+$^", "(a|b){2}+$^", true)]
    [InlineData("", "", true)]
    [InlineData("*", "", true)]
    public void Globs(string pattern, string path, bool expected) => Assert.Equal(expected, PathPattern.Glob(pattern).IsMatch(path));

    [Theory]
    [InlineData("**", "a", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("**/a", "a", true)]
    [InlineData("**/a", "b/c/a", true)]
    [InlineData("**/a", "ba", false)]
    [InlineData("**a", "ba", true)]
    [InlineData("**a", "c/ba", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a**", "abc/d", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "a/xb", false)]
    [InlineData("**/*.go", "a.go", true)]
    [InlineData("**/*.go", "x/y/a.go", true)]
    [InlineData("**/*.go", "x/y/a.gox", false)]
    [InlineData("**/a/*", "x/a/b", true)]
    [InlineData("**/a/*", "a/b/c", false)]
    [InlineData("a*/**", "ab/c/d", true)]
    [InlineData("a*/**", "ab", false)]
    [InlineData("*/a", "b/a", true)]
    [InlineData("**/a/**/b", "x/a/y/z/b", true)]
    [InlineData("**/**", "a/b", true)]
    [InlineData("***", "a/b", true)]
    public void Recursive_patterns(string pattern, string path, bool expected) => Assert.Equal(expected, PathPattern.Recursive(pattern).IsMatch(path));

    [Theory]
    [InlineData("[")]
    [InlineData("[a")]
    [InlineData("[]")]
    [InlineData("[]a]")]
    [InlineData("[a-]")]
    [InlineData("[-a]")]
    [InlineData("[b-a]")]
    [InlineData("[\\")]
    [InlineData("a\\")]
    public void Patterns_that_are_none_are_refused(string pattern)
    {
        foreach (var parse in new[] { PathPattern.Glob, PathPattern.Recursive })
        {
            var refused = Assert.Throws<StrakeException>(() => parse(pattern));
            Assert.Equal((ErrorKind.Invalid, $"syntax error in pattern: {GoText.Quote(pattern)}"), (refused.Kind, refused.Message));
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_are_matched_as_they_are()
    {
        byte[] path = [(byte)'a', 0xff, (byte)'b'];
        Assert.True(PathPattern.Recursive("a?b").IsMatch(path));
        Assert.True(PathPattern.Recursive("a*").IsMatch(path));
        Assert.True(PathPattern.Recursive("a[^x]b").IsMatch(path));
        Assert.True(PathPattern.Recursive("**/a*b").IsMatch([.. "x/"u8, .. path]));
        Assert.True(PathPattern.Recursive(path).IsMatch(path));
        Assert.True(PathPattern.Recursive([.. path, (byte)'*']).IsMatch(path));
        Assert.False(PathPattern.Recursive([.. path, (byte)'*']).IsMatch([(byte)'a', 0xfe, (byte)'b']));
        Assert.False(PathPattern.Recursive([.. path, (byte)'*']).IsMatch("a\ufffdb"));
        Assert.False(PathPattern.Recursive("?").IsMatch([0xf0, 0x9f]));
    }

    [Theory]
    [InlineData("a*", true)]
    [InlineData("a[b]", true)]
    [InlineData("a?", true)]
    [InlineData("a\\*", false)]
    [InlineData("a]b", false)]
    public void Sources_have_wildcards_or_not(string word, bool expected) => Assert.Equal(expected, PathPattern.HasWildcards(word));

    [Theory]
    [InlineData("a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b")]
    [InlineData("**/a*a*a*a*a*a*a*a*b")]
    [InlineData("**a/**a/**a/**a/**/b")]
    [InlineData("[^b]*[^b]*[^b]*[^b]*[^b]*b")]
    public void Stars_take_no_time(string pattern)
    {
        var path = Encoding.UTF8.GetBytes(string.Join('/', Enumerable.Repeat(new string('a', 200), 20)));
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 20; i++) Assert.False(PathPattern.Recursive(pattern).IsMatch(path));
        Assert.False(PathPattern.Glob(string.Concat(Enumerable.Repeat("*a", 2_000)) + "b").IsMatch(path));
        Assert.False(PathPattern.Recursive(string.Concat(Enumerable.Repeat("**/*a", 1_000)) + "b").IsMatch(path));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60), $"{Stopwatch.GetElapsedTime(start)}");
    }

    // All paths of up to three parts over a small alphabet, against a matcher that tries everything.
    [Fact]
    public void Matches_are_those_of_a_plain_search()
    {
        var random = new Random(3);
        var paths = Paths(3).ToList();
        string[] pieces = ["a", "b", "*", "?", "**", "[ab]", "[^a]", "a*", "*b", "**a", "b**"];
        for (var i = 0; i < 1500; i++)
        {
            var text = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => pieces[random.Next(pieces.Length)]));
            var pattern = PathPattern.Recursive(text);
            var search = new PlainSearch(text);
            foreach (var path in paths)
            {
                Assert.True(search.IsMatch(path) == pattern.IsMatch(path), $"{text} on {path}");
                var isBelow = Parents(path).Any(pattern.IsMatch);
                Assert.True((isBelow || pattern.IsMatch(path)) == pattern.IsMatchOrBelowMatch(Encoding.UTF8.GetBytes(path)), $"{text} above {path}");
            }

            // Whatever matches below a directory, the directory said so.
            foreach (var path in paths.Where(pattern.IsMatch))
                Assert.All(Parents(path), parent => Assert.True(pattern.CanMatchBelow(Encoding.UTF8.GetBytes(parent)), $"{text} below {parent}"));
        }

        Assert.False(PathPattern.Recursive("a/b").CanMatchBelow("a/b"u8));
        Assert.False(PathPattern.Recursive("a/*").CanMatchBelow("b"u8));
        Assert.False(PathPattern.Recursive("a/*").CanMatchBelow("a/b"u8));
        Assert.True(PathPattern.Recursive("a/*").CanMatchBelow("a"u8));
        Assert.True(PathPattern.Recursive("x/**").CanMatchBelow("x/y"u8));
        Assert.False(PathPattern.Recursive("x/**").CanMatchBelow("y"u8));
    }

    static IEnumerable<string> Paths(int depth)
    {
        string[] names = ["a", "b", "ab", "c"];
        return depth == 1 ? names : names.Concat(names.SelectMany(name => Paths(depth - 1).Select(rest => $"{name}/{rest}")));
    }

    static IEnumerable<string> Parents(string path)
    {
        for (var end = path.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.IndexOf('/', end + 1)) yield return path[..end];
    }

    // The rules once more, slow and plain. "**" alone at the start and no other wildcard, or at the end of none, is bytes only.
    sealed class PlainSearch(string pattern)
    {
        public bool IsMatch(string path)
        {
            var others = pattern.StartsWith("**", StringComparison.Ordinal) ? pattern[2..] : null;
            if (others is not null && others.IndexOfAny(['*', '?', '[']) < 0)
                return path.EndsWith(others, StringComparison.Ordinal) || "/" + path == others;
            if (pattern.EndsWith("**", StringComparison.Ordinal) && pattern[..^2].IndexOfAny(['*', '?', '[']) < 0)
                return path.StartsWith(pattern[..^2], StringComparison.Ordinal);
            return Match(pattern, path);
        }

        static bool Match(string pattern, string path)
        {
            if (pattern.Length == 0) return path.Length == 0;
            if (pattern.StartsWith("**", StringComparison.Ordinal))
            {
                var rest = pattern[2..].StartsWith('/') ? pattern[3..] : pattern[2..];
                if (rest.Length == 0 || Match(rest, path)) return true;
                return Enumerable.Range(0, path.Length).Any(i => path[i] == '/' && Match(rest, path[(i + 1)..]));
            }

            return pattern[0] switch
            {
                '*' => Enumerable.Range(0, path.Length + 1).TakeWhile(i => i == 0 || path[i - 1] != '/').Any(i => Match(pattern[1..], path[i..])),
                '?' => path.Length > 0 && path[0] != '/' && Match(pattern[1..], path[1..]),
                '[' when pattern[1] == '^' => path.Length > 0 && path[0] != 'a' && Match(pattern[4..], path[1..]),
                '[' => path.Length > 0 && path[0] is 'a' or 'b' && Match(pattern[4..], path[1..]),
                var c => path.StartsWith(c) && Match(pattern[1..], path[1..]),
            };
        }
    }
}
