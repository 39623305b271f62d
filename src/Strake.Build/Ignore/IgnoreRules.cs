using System.Text;

namespace Strake.Build;

/// <summary>Which files of a context a build does not see: <c>.dockerignore</c>, or the patterns of <c>--exclude</c>. Immutable; safe for use by several threads.</summary>
/// <remarks>
/// <para>Of the rules that match a path, or a directory above it, the last one decides. So what lies in an ignored directory is ignored,
/// unless an exception after the rule matches it, or a directory between.</para>
/// <para>Lines that begin with <c>#</c> are comments. Blanks around a line are dropped, paths are shortened (<c>./a//b/../c</c> is
/// <c>a/c</c>), a slash in front or at the end means nothing. The rules are read as <c>github.com/moby/patternmatcher</c> reads them, but
/// for defects of it that come of regular expressions: there a <c>*</c> within brackets, or <c>\d</c>, means something else.</para>
/// </remarks>
/// <example><code>
/// var rules = IgnoreRules.Parse("*.log\n!keep.log"u8);
/// rules.IsIgnored("a.log"u8) // true
/// </code></example>
public sealed class IgnoreRules
{
    IgnoreRules(IReadOnlyList<IgnoreRule> rules) => Rules = rules;

    /// <summary>No rules: nothing is ignored.</summary>
    public static IgnoreRules None { get; } = new([]);

    /// <summary>The rules in their order.</summary>
    public IReadOnlyList<IgnoreRule> Rules { get; }

    /// <summary>The rules as patterns in their shortest form, exceptions with <c>!</c>: what clients that send files are asked to leave out.</summary>
    public IEnumerable<string> Patterns => Rules.Select(rule => rule.ToString());

    /// <summary>Reads a <c>.dockerignore</c> file.</summary>
    /// <exception cref="StrakeException">Invalid: the file or a line is too long, or a pattern is none.</exception>
    public static IgnoreRules Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length > DockerfileLimits.IgnoreFileBytes)
            throw DockerfileFault.Invalid($".dockerignore greater than max allowed size of {DockerfileLimits.IgnoreFileBytes}");
        List<IgnoreRule> rules = [];
        var number = 0;
        foreach (var range in file.Split((byte)'\n'))
        {
            var line = file[range];
            if (++number == 1 && line.StartsWith(Encoding.UTF8.Preamble)) line = line[Encoding.UTF8.Preamble.Length..];
            if (line.Length > DockerfileLimits.LineBytes)
                throw DockerfileFault.Invalid($".dockerignore line {number} greater than max allowed size of {DockerfileLimits.LineBytes}");
            if (!line.StartsWith((byte)'#') && Rule(line, isFileLine: true) is { } rule) rules.Add(rule);
        }

        return new IgnoreRules(rules);
    }

    /// <summary>Rules from patterns, each as a line, with <c>!</c> for exceptions; here a slash in front is part of the pattern.</summary>
    /// <exception cref="StrakeException">Invalid: a pattern is none.</exception>
    public static IgnoreRules Of(IEnumerable<string> patterns) =>
        new([.. patterns.Select(pattern => Rule(Encoding.UTF8.GetBytes(pattern), isFileLine: false)).OfType<IgnoreRule>()]);

    /// <summary>Whether a path is ignored. The context itself never is.</summary>
    /// <param name="path">Relative to the context, without slashes around it; empty or <c>.</c> is the context.</param>
    public bool IsIgnored(ReadOnlySpan<byte> path)
    {
        var isIgnored = false;
        if (path.IsEmpty || path.SequenceEqual("."u8)) return isIgnored;
        foreach (var rule in Rules)
        {
            // A rule that would change nothing is not asked.
            if (rule.IsException == isIgnored && rule.Pattern.IsMatchOrBelowMatch(path)) isIgnored = !rule.IsException;
        }

        return isIgnored;
    }

    /// <inheritdoc cref="IsIgnored(ReadOnlySpan{byte})"/>
    public bool IsIgnored(string path) => IsIgnored(Encoding.UTF8.GetBytes(path));

    /// <summary>Whether a directory need not be looked into: it is ignored, and no exception can match anything below it.</summary>
    /// <param name="directory">As for <see cref="IsIgnored(ReadOnlySpan{byte})"/>.</param>
    public bool CanSkip(ReadOnlySpan<byte> directory)
    {
        if (!IsIgnored(directory)) return false;
        foreach (var rule in Rules)
        {
            if (rule.IsException && rule.Pattern.CanMatchBelow(directory)) return false;
        }

        return true;
    }

    static IgnoreRule? Rule(ReadOnlySpan<byte> line, bool isFileLine)
    {
        line = PatternText.Trim(line);
        if (line.IsEmpty) return null;
        var isException = line[0] == '!';

        // Of a pattern that comes from no file the mark is part of the first name when the path is shortened.
        if (isException && isFileLine) line = PatternText.Trim(line[1..]);
        ReadOnlySpan<byte> path = line.IsEmpty ? line : PatternText.Clean(line);
        if (isException && path.SequenceEqual(isFileLine ? "/"u8 : "!"u8)) path = [];
        if (path.IsEmpty) throw DockerfileFault.Invalid("illegal exclusion pattern: \"!\"");
        if (isFileLine && path.Length > 1 && path[0] == '/') path = path[1..];
        if (isException && !isFileLine) path = path[1..];
        return new IgnoreRule(PathPattern.Recursive(path), isException);
    }
}
