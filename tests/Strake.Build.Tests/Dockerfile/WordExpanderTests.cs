namespace Strake.Build.Tests;

public class WordExpanderTests
{
    static readonly Dictionary<string, string> s_variables = new(StringComparer.Ordinal)
    {
        ["a"] = "A", ["two"] = "one two", ["empty"] = "", ["file"] = "archive.tar.gz", ["path"] = "/usr/local/bin", ["abc"] = "abcabc", ["lines"] = "x1\nx2",
        ["star"] = "*", ["é1"] = "accented", ["1"] = "first", ["12"] = "twelfth", ["@"] = "all",
    };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$a", "A")]
    [InlineData("x${a}y$a.z", "xAyA.z")]
    [InlineData("$a$a", "AA")]
    [InlineData("$missing.", ".")]
    [InlineData("${missing}.", ".")]
    [InlineData("$é1", "accented")]
    [InlineData("$1", "first")]
    [InlineData("$12a", "twelftha")]
    [InlineData("$@", "all")]
    [InlineData("$", "$")]
    [InlineData("$.", "$.")]
    [InlineData("a$ b", "a$ b")]
    [InlineData("$two", "one two")]
    [InlineData("", "")]
    public void Variables_are_put_in(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("${a:-w}", "A")]
    [InlineData("${empty:-w}", "w")]
    [InlineData("${missing:-w}", "w")]
    [InlineData("${empty-w}", "")]
    [InlineData("${missing-w}", "w")]
    [InlineData("${a:+w}", "w")]
    [InlineData("${empty:+w}", "")]
    [InlineData("${missing:+w}", "")]
    [InlineData("${empty+w}", "w")]
    [InlineData("${missing+w}", "")]
    [InlineData("${a:?w}", "A")]
    [InlineData("${empty?w}", "")]
    [InlineData("${missing:-}", "")]
    [InlineData("${missing:-$a b}", "A b")]
    [InlineData("${missing:-${other:-${a}}}", "A")]
    [InlineData("${missing:-\"a } b\"}", "a } b")]
    [InlineData("${missing:-'$a'}", "$a")]
    [InlineData("${missing:-\\}}", "}")]
    [InlineData("${missing:-a:b}", "a:b")]
    public void Words_stand_in_for_values(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("${file#*.}", "tar.gz")]
    [InlineData("${file##*.}", "gz")]
    [InlineData("${file%.*}", "archive.tar")]
    [InlineData("${file%%.*}", "archive")]
    [InlineData("${path##*/}", "bin")]
    [InlineData("${path%/*}", "/usr/local")]
    [InlineData("${path#/usr}", "/local/bin")]
    [InlineData("${path#usr}", "/usr/local/bin")]
    [InlineData("${abc#a?c}", "abc")]
    [InlineData("${abc%%b*}", "a")]
    [InlineData("${abc#*}", "abcabc")]
    [InlineData("${abc##*}", "")]
    [InlineData("${star#\\*}", "")]
    [InlineData("${file#\\*}", "archive.tar.gz")]
    [InlineData("${lines#*2}", "x1\nx2")]
    [InlineData("${lines##x?}", "\nx2")]
    [InlineData("${missing#*}", "")]
    [InlineData("${abc#$missing}", "abcabc")]
    [InlineData("${abc%${missing:-bc}}", "abca")]
    public void Ends_are_cut_off(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("${abc/b/X}", "aXcabc")]
    [InlineData("${abc//b/X}", "aXcaXc")]
    [InlineData("${abc/b/}", "acabc")]
    [InlineData("${abc//[/X}", "abcabc")]
    [InlineData("${path//\\//:}", ":usr:local:bin")]
    [InlineData("${abc/a*b/X}", "Xc")]
    [InlineData("${abc//?/xy}", "xyxyxyxyxyxy")]
    [InlineData("${abc//*/X}", "X")]
    [InlineData("${abc///-}", "-a-b-c-a-b-c-")]
    [InlineData("${abc/$missing/-}", "-abcabc")]
    [InlineData("${missing/a/b}", "")]
    [InlineData("${abc/b/$a}", "aAcabc")]
    [InlineData("${star//\\*/x}", "x")]
    public void Parts_are_replaced(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("'$a'", "$a")]
    [InlineData("\"$a\"", "A")]
    [InlineData("'a\"b'", "a\"b")]
    [InlineData("\"a'b\"", "a'b")]
    [InlineData("a\"b c\"d'e f'", "ab cde f")]
    [InlineData("\\$a", "$a")]
    [InlineData("\\a", "a")]
    [InlineData("\\\\", "\\")]
    [InlineData("\\\"", "\"")]
    [InlineData("\"\\$a \\\" \\\\ \\n\"", "$a \" \\ \\n")]
    [InlineData("'\\'", "\\")]
    [InlineData("a\\", "a")]
    [InlineData("\"${missing:-\"x y\"}\"", "x y")]
    [InlineData("<a <<b << c", "<a <<b << c")]
    public void Quotes_and_escapes_are_taken_off(string word, string expected) => Assert.Equal(expected, Expand(word));

    [Theory]
    [InlineData("a`$b", "a$b")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("\"a`\"b\\n\"", "a\"b\\n")]
    [InlineData("c:\\$a", "c:\\A")]
    public void The_escape_character_can_be_a_backtick(string word, string expected) =>
        Assert.Equal(expected, new WordExpander('`').Expand(word, s_variables.GetValueOrDefault).Text);

    [Theory]
    [InlineData("a b", "a|b")]
    [InlineData("$two", "one|two")]
    [InlineData("x$two\ty", "xone|two|y")]
    [InlineData("\"$two\" b", "one two|b")]
    [InlineData("'a b'c d", "a bc|d")]
    [InlineData("a\\ b c", "a b|c")]
    [InlineData("$missing", "")]
    [InlineData("  a  ", "a")]
    [InlineData("8${missing:-0}80", "8080")]
    [InlineData("${missing:-a b}", "a|b")]
    public void A_word_can_become_several(string word, string expected) =>
        Assert.Equal(expected, string.Join('|', new WordExpander().Expand(word, s_variables.GetValueOrDefault).Words));

    [Fact]
    public void It_is_known_which_variables_were_looked_up()
    {
        var expansion = new WordExpander().Expand("$a ${b:-$two} ${empty:+$file} '$path' $a \\$path $b", s_variables.GetValueOrDefault);
        Assert.Equal(["a", "two", "file", "empty"], expansion.Used);
        Assert.Equal(["b"], expansion.Missing);
    }

    [Theory]
    [InlineData("\"$a\" '$a' \\$a $missing", ExpansionOptions.KeepQuotes, "\"A\" '$a' $a ")]
    [InlineData("\\$a \"\\$a\"", ExpansionOptions.KeepEscapes, "\\$a \\$a")]
    [InlineData("$a $missing ${missing} ${missing:-x} ${missing#y} ${missing/a/b}", ExpansionOptions.KeepUnset, "A $missing ${missing} ${missing:-x} ${missing#y} ${missing/a/b}")]
    [InlineData("'$a' \"$a\"", ExpansionOptions.PlainQuotes, "'A' \"A\"")]
    public void Some_of_it_can_stay(string word, ExpansionOptions options, string expected) =>
        Assert.Equal(expected, new WordExpander().Expand(word, s_variables.GetValueOrDefault, options).Text);

    [Fact]
    public void Documents_have_no_quotes() => Assert.Equal(
        "it's A, \"A\", $a and \\\n", WordExpander.ExpandDocument("it's $a, \"$a\", \\$a and \\\\\n", s_variables.GetValueOrDefault).Text);

    [Theory]
    [InlineData("${b:?nope}", "b: nope")]
    [InlineData("${b?}", "b: is not allowed to be unset")]
    [InlineData("${empty:?}", "empty: is not allowed to be empty")]
    [InlineData("${b", "unsupported modifier (\ufffd) in substitution")]
    [InlineData("${", "syntax error: missing '}'")]
    [InlineData("${}", "syntax error: bad substitution")]
    [InlineData("${:-x}", "syntax error: bad substitution")]
    [InlineData("${b^c}", "unsupported modifier (^) in substitution")]
    [InlineData("${b:=c}", "unsupported modifier (:=) in substitution")]
    [InlineData("${b:#c}", "unsupported modifier (:#) in substitution")]
    [InlineData("${b:-c", "syntax error: missing '}'")]
    [InlineData("${b:-\"c}", "syntax error: missing '}'")]
    [InlineData("${b/c}", "syntax error: missing '/' in ${}")]
    [InlineData("${b/c/d", "syntax error: missing '}'")]
    [InlineData("${a#\\q}", "invalid pattern (\\q) in substitution: invalid escape '\\q'")]
    [InlineData("\"b", "unexpected end of statement while looking for matching double-quote")]
    [InlineData("'b", "unexpected end of statement while looking for matching single-quote")]
    public void What_cannot_be_read_is_refused(string word, string why)
    {
        var refused = Assert.Throws<StrakeException>(() => Expand(word));
        Assert.Equal((ErrorKind.Invalid, $"failed to process {GoText.Quote(word)}: {why}"), (refused.Kind, refused.Message));
    }

    static string Expand(string word) => new WordExpander().Expand(word, s_variables.GetValueOrDefault).Text;
}
