using System.Text;

namespace Strake.Build;

/// <summary>A pattern of paths. Immutable; safe for use by several threads.</summary>
/// <remarks>
/// <para>Go's <c>path.Match</c>: <c>*</c> any characters and <c>?</c> one character but slashes, <c>[a-z]</c> and <c>[^a-z]</c> a class, a
/// backslash takes a character's meaning away; it matches whole paths. A recursive pattern also has <c>**</c>: any number of directories.</para>
/// <para>Paths are bytes, relative, with slashes between parts and none around them. Bytes that are no UTF-8 are matched as they are.
/// The time is the product of both lengths at worst.</para>
/// </remarks>
/// <example><code>
/// PathPattern.Recursive("**/*.md").IsMatch("docs/a.md"u8) // true
/// </code></example>
public sealed class PathPattern
{
    enum Kind
    {
        Exact,
        Prefix,
        Suffix,
        Wild,
    }

    readonly Kind kind;

    // Of those without other wildcards: the path, what it begins or ends with.
    readonly byte[] literal;
    readonly PatternAutomaton? automaton;

    PathPattern(string text, Kind kind, byte[] literal, PatternAutomaton? automaton) =>
        (Text, this.kind, this.literal, this.automaton) = (text, kind, literal, automaton);

    /// <summary>The pattern as text; bytes that are no UTF-8 are U+FFFD.</summary>
    public string Text { get; }

    /// <summary>A pattern as sources of COPY and ADD are.</summary>
    /// <exception cref="StrakeException">Invalid: a class or an escape is not finished. Docker takes such a pattern for one that matches nothing.</exception>
    public static PathPattern Glob(string pattern)
    {
        var bytes = Encoding.UTF8.GetBytes(pattern);
        var items = new PatternReader(bytes).Read(isRecursive: false);
        return items.TrueForAll(item => item.Kind == PatternItemKind.Character) && !bytes.AsSpan().Contains((byte)'\\')
            ? new PathPattern(pattern, Kind.Exact, bytes, null)
            : new PathPattern(pattern, Kind.Wild, [], new PatternAutomaton(items));
    }

    /// <summary>A pattern as those of <c>.dockerignore</c>, <c>--exclude</c> and <c>--parents</c> are.</summary>
    /// <exception cref="StrakeException">Invalid: a class or an escape is not finished.</exception>
    public static PathPattern Recursive(string pattern) => Recursive(Encoding.UTF8.GetBytes(pattern));

    /// <inheritdoc cref="Recursive(string)"/>
    public static PathPattern Recursive(ReadOnlySpan<byte> pattern)
    {
        var items = new PatternReader(pattern).Read(isRecursive: true);
        var text = Encoding.UTF8.GetString(pattern);
        var plain = pattern.IndexOfAny("*?[]\\"u8);
        if (plain < 0) return new PathPattern(text, Kind.Exact, pattern.ToArray(), null);

        // "**" at one end and no other wildcard is a matter of bytes: "**.log" ends with ".log", whatever stands before.
        var afterStars = pattern.StartsWith("**"u8) ? pattern[2..] : [];
        if (pattern.StartsWith("**"u8) && afterStars.IndexOfAny("*?[]\\"u8) < 0) return new PathPattern(text, Kind.Suffix, afterStars.ToArray(), null);
        if (pattern[plain..].SequenceEqual("**"u8)) return new PathPattern(text, Kind.Prefix, pattern[..plain].ToArray(), null);
        return new PathPattern(text, Kind.Wild, [], new PatternAutomaton(items));
    }

    /// <summary>Whether a source of COPY or ADD is a pattern; one that is not is a path as it stands, backslashes included.</summary>
    public static bool HasWildcards(string word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '\\') i++;
            else if (word[i] is '*' or '?' or '[') return true;
        }

        return false;
    }

    /// <summary>Whether it matches a path.</summary>
    public bool IsMatch(ReadOnlySpan<byte> path) => Match(path).HasFlag(PatternMatch.Self);

    /// <inheritdoc cref="IsMatch(ReadOnlySpan{byte})"/>
    public bool IsMatch(string path) => IsMatch(Encoding.UTF8.GetBytes(path));

    /// <summary>Whether it matches a path or a directory above it.</summary>
    public bool IsMatchOrBelowMatch(ReadOnlySpan<byte> path) => (Match(path) & (PatternMatch.Self | PatternMatch.Parent)) != PatternMatch.None;

    /// <summary>Whether there can be a path below a directory that it matches itself. When not, there is none to look for.</summary>
    public bool CanMatchBelow(ReadOnlySpan<byte> directory) => Match(directory).HasFlag(PatternMatch.Below);

    /// <inheritdoc/>
    public override string ToString() => Text;

    PatternMatch Match(ReadOnlySpan<byte> path) => kind switch
    {
        Kind.Exact => MatchExact(path),
        Kind.Prefix => MatchPrefix(path),
        Kind.Suffix => MatchSuffix(path),
        _ => automaton!.Match(path),
    };

    PatternMatch MatchExact(ReadOnlySpan<byte> path)
    {
        if (path.SequenceEqual(literal)) return PatternMatch.Self;
        if (IsAbove(literal, path)) return PatternMatch.Parent;
        return IsAbove(path, literal) ? PatternMatch.Below : PatternMatch.None;
    }

    PatternMatch MatchPrefix(ReadOnlySpan<byte> path)
    {
        if (!path.StartsWith(literal)) return literal.AsSpan().StartsWith([.. path, (byte)'/']) ? PatternMatch.Below : PatternMatch.None;
        var isParent = literal.Length < path.Length && path[Math.Max(literal.Length, 1)..].Contains((byte)'/');
        return PatternMatch.Self | PatternMatch.Below | (isParent ? PatternMatch.Parent : PatternMatch.None);
    }

    PatternMatch MatchSuffix(ReadOnlySpan<byte> path)
    {
        var result = PatternMatch.Below | (EndsWithLiteral(path) ? PatternMatch.Self : PatternMatch.None);
        for (var end = path.IndexOf((byte)'/'); end > 0; end = NextSlash(path, end))
        {
            if (EndsWithLiteral(path[..end])) return result | PatternMatch.Parent;
        }

        return result;
    }

    // "**/a" matches "a" too.
    bool EndsWithLiteral(ReadOnlySpan<byte> path) => path.EndsWith(literal) || (literal is [(byte)'/', ..] && path.SequenceEqual(literal.AsSpan(1)));

    static int NextSlash(ReadOnlySpan<byte> path, int slash)
    {
        var next = path[(slash + 1)..].IndexOf((byte)'/');
        return next < 0 ? -1 : slash + 1 + next;
    }

    static bool IsAbove(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> path) =>
        path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory);
}
