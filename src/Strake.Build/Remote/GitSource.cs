using System.Text.RegularExpressions;

namespace Strake.Build;

/// <summary>
/// A repository, and what of it is wanted: <c>https://host/path.git#ref:directory</c>, <c>git@host:path#ref</c>, <c>ssh://…</c>, <c>git://…</c>; of
/// HTTP, only what ends with <c>.git</c> is one. Instead of the fragment there may be a query: <c>?branch=main&amp;subdir=src</c>.
/// </summary>
/// <remarks>
/// Whatever git could take for an option, a program or a file of this host is refused here, before git sees it; see also <see cref="GitProgram"/>.
/// </remarks>
sealed partial record GitSource : RemoteSource
{
    /// <summary>The repository, as git is told it.</summary>
    public required string Remote { get; init; }

    /// <summary>A branch, a tag, a full name below <c>refs/</c> or a commit's whole number; empty: what the repository's HEAD is.</summary>
    public string Reference { get; init; } = "";

    /// <summary>A directory of it, clean; empty: all.</summary>
    public string Directory { get; init; } = "";

    /// <summary>The number of the commit that it has to be, or its beginning; null: not said.</summary>
    public string? Checksum { get; init; }

    /// <summary>Whether <c>.git</c> comes along; null: not said.</summary>
    public bool? KeepsGit { get; init; }

    /// <summary>Whether its submodules come along.</summary>
    public bool TakesSubmodules { get; init; } = true;

    /// <inheritdoc/>
    public override string Shown => Uri.TryCreate(Remote, UriKind.Absolute, out var address) ? HttpSource.Show(address) : Remote;

    /// <summary>Whether a text is a commit's whole number, of SHA-1 or SHA-256.</summary>
    public static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Reads the place of a repository; null: it is none.</summary>
    /// <exception cref="StrakeException">Invalid: it is one, and a part of it is malformed or dangerous.</exception>
    public static new GitSource? TryParse(string word) => TryParse(word, isRepository: false);

    /// <summary>As <see cref="TryParse(string)"/>, for a build context: there, <c>github.com/user/repository</c> is one as well.</summary>
    public static GitSource? TryParseContext(string word) =>
        word.StartsWith("github.com/", StringComparison.Ordinal) ? TryParse("https://" + word, isRepository: true) : TryParse(word, isRepository: false);

    static GitSource? TryParse(string word, bool isRepository)
    {
        var (rest, fragment) = Cut(word, '#');
        var (remote, query) = Cut(rest, '?');
        if (!isRepository && !IsRepository(remote)) return null;
        var (reference, directory) = Cut(fragment, ':');
        var source = new GitSource { Remote = remote, Reference = reference, Directory = BytePath.Clean(BytePath.OfText(directory)) };
        return Verified(query.Split('&', StringSplitOptions.RemoveEmptyEntries).Aggregate(source, With));
    }

    /// <summary>Whether a commit is the one that it has to be.</summary>
    /// <exception cref="StrakeException">Invalid: it is another; both are named.</exception>
    public void Verify(string commit)
    {
        if (Checksum is { } wanted && !commit.StartsWith(wanted, StringComparison.Ordinal)) throw StrakeException.Invalid($"{Shown}: expected checksum to match {wanted}, got {commit}");
    }

    static bool IsRepository(string remote) => Schemes().Match(remote) is { Success: true } match
        ? !match.ValueSpan.StartsWith("http") || remote.EndsWith(".git", StringComparison.Ordinal)
        : SecureCopy().IsMatch(remote);

    static GitSource With(GitSource source, string pair)
    {
        var (name, encoded) = Cut(pair, '=');
        var value = Uri.UnescapeDataString(encoded.Replace('+', ' '));
        return name switch
        {
            "ref" => source with { Reference = Once(source.Reference, value, "ref") },
            "tag" => source with { Reference = Once(source.Reference, Full(value, "refs/tags/"), "ref") },
            "branch" => source with { Reference = Once(source.Reference, Full(value, "refs/heads/"), "ref") },
            "subdir" => source with { Directory = Once(source.Directory, BytePath.Clean(BytePath.OfText(value)), "subdir") },
            "checksum" or "commit" => source with { Checksum = value },
            "keep-git-dir" => source with { KeepsGit = Switch(name, value) },
            "submodules" => source with { TakesSubmodules = Switch(name, value) },
            _ => throw StrakeException.Invalid($"unexpected query \"{name}\""),
        };
    }

    static string Once(string before, string value, string what) =>
        before.Length == 0 || before == value ? value : throw StrakeException.Invalid($"{what} conflicts: {GoText.Quote(before)} vs {GoText.Quote(value)}");

    static string Full(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal) ? name : prefix + name;

    static bool Switch(string name, string value) => value switch
    {
        "" or "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw StrakeException.Invalid($"invalid {name} value: {GoText.Quote(value)}"),
    };

    // A word that begins with a dash is an option to git, and to the ssh that git starts with the host's name.
    static GitSource Verified(GitSource source)
    {
        if (source.Remote.Any(static c => c <= ' ' || c == '\x7f') || DashedHost().IsMatch(source.Remote)) throw StrakeException.Invalid($"invalid git repository: {GoText.Quote(source.Remote)}");
        if (source.Reference.Length > 0 && !References().IsMatch(source.Reference)) throw StrakeException.Invalid($"invalid git reference: {GoText.Quote(source.Reference)}");
        if (source.Checksum is { } checksum && !Checksums().IsMatch(checksum)) throw StrakeException.Invalid($"invalid checksum {GoText.Quote(checksum)}: it has to be a commit's number");
        return source;
    }

    const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    static (string Before, string After) Cut(string text, char at) => text.IndexOf(at) is var place and >= 0 ? (text[..place], text[(place + 1)..]) : (text, "");

    [GeneratedRegex("^(https?|ssh|git)://", Options)]
    private static partial Regex Schemes();

    // What scp takes: git@host:path. Only with a user, for host:path is a path of the context.
    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]*@[A-Za-z0-9][A-Za-z0-9.-]*:.+$", Options)]
    private static partial Regex SecureCopy();

    [GeneratedRegex("^[a-z]+://([^/]*@)?-", Options)]
    private static partial Regex DashedHost();

    // git check-ref-format, and a little less.
    [GeneratedRegex(@"^[A-Za-z0-9_.@/\p{L}=][^\s\p{C}~^:?*\[\\]*$", Options)]
    private static partial Regex References();

    [GeneratedRegex("^[0-9a-f]{4,64}$", Options)]
    private static partial Regex Checksums();
}
