using Strake.Images;
using Strake.Images.Tar;
using Strake.Linux;

namespace Strake.Build;

/// <summary>Fetches what a commit of a repository has. See <see cref="GitProgram"/> for what is kept from it.</summary>
/// <param name="options">The bounds.</param>
/// <param name="proxies">The build's proxies.</param>
/// <param name="secrets">Asked for what the server wants to see, and for an agent of SSH; null: nobody has them.</param>
/// <param name="folders">The directory in which repositories are while they are fetched; exists.</param>
/// <param name="packs">The directory of packs.</param>
/// <param name="time">The clock.</param>
sealed class GitCheckout(RemoteOptions options, RemoteProxies proxies, ISecretSource? secrets, string folders, string packs, TimeProvider time)
{
    const string Head = "HEAD";

    /// <summary>The commit that a repository's reference names now.</summary>
    /// <exception cref="StrakeException">NotFound: there is no such reference. Invalid: it is not the commit that it has to be. Unavailable: git failed.</exception>
    public async Task<string> ResolveAsync(GitSource source, CancellationToken cancellationToken)
    {
        if (GitSource.IsCommit(source.Reference))
        {
            source.Verify(source.Reference);
            return source.Reference;
        }

        return await InFolderAsync(source, async (git, _, stop) => (await FindAsync(git, source, stop)).Commit, cancellationToken);
    }

    /// <summary>The files of a commit.</summary>
    /// <param name="source">The repository, and what of it is wanted.</param>
    /// <param name="commit">What its reference was found to name.</param>
    /// <param name="cancellationToken">Ends it; nothing is left then.</param>
    /// <returns>The files, with the modes that git knows; to be disposed.</returns>
    /// <exception cref="StrakeException">
    /// NotFound: there is no such directory. Conflict: the reference names another commit by now. TooLarge: over the bound. Unavailable: git failed.
    /// </exception>
    public Task<ContextTree> FetchAsync(GitSource source, string commit, CancellationToken cancellationToken) => InFolderAsync(
        source,
        async (git, folder, stop) =>
        {
            await FolderBound.RunAsync(folder, options.MaxBytes, source.Shown, time, cancel => CheckOutAsync(git, source, commit, cancel), stop);
            return await PackAsync(source, folder, stop);
        },
        cancellationToken);

    async Task<T> InFolderAsync<T>(GitSource source, Func<GitProgram, string, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(folders, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));
        Directory.CreateDirectory(folder, Permissions.Octal0700);
        try
        {
            var git = new GitProgram(folder, [.. proxies.Variables, .. await VariablesAsync(source, cancellationToken)]);
            return await work(git, folder, cancellationToken);
        }
        finally
        {
            TreeRemoval.Remove(folder);
        }
    }

    // BuildKit's names for what a build may show to a server. Not among the arguments, which every user of the host sees.
    async Task<IReadOnlyList<string>> VariablesAsync(GitSource source, CancellationToken cancellationToken)
    {
        if (secrets is null) return [];
        if (!Uri.TryCreate(source.Remote, UriKind.Absolute, out var address) || address.Scheme == "ssh")
            return await secrets.FindAgentAsync("default", cancellationToken) is { } socket ? [$"SSH_AUTH_SOCK={socket}"] : [];
        var header = await SecretAsync("GIT_AUTH_HEADER", address.Host, cancellationToken);
        if (header is null && await SecretAsync("GIT_AUTH_TOKEN", address.Host, cancellationToken) is { } token)
            header = "basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("x-access-token:" + token));
        return header is null
            ? []
            : ["GIT_CONFIG_COUNT=1", $"GIT_CONFIG_KEY_0=http.{address.GetLeftPart(UriPartial.Authority)}/.extraheader", $"GIT_CONFIG_VALUE_0=Authorization: {header}"];
    }

    async Task<string?> SecretAsync(string name, string host, CancellationToken cancellationToken)
    {
        var bytes = await secrets!.FindSecretAsync($"{name}.{host}", cancellationToken) ?? await secrets.FindSecretAsync(name, cancellationToken);
        return bytes is null ? null : System.Text.Encoding.UTF8.GetString(bytes).Trim();
    }

    // In git's order: a full name, a branch, a tag. Of a tag that is an object of its own the commit counts.
    static async Task<(string Name, string Commit)> FindAsync(GitProgram git, GitSource source, CancellationToken stop)
    {
        var name = source.Reference.Length > 0 ? source.Reference : Head;
        var text = await git.RunAsync(["ls-remote", "--", source.Remote, name, name + "^{}"], source.Shown, stop);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('\t') is [var number, var full] && GitSource.IsCommit(number)) names[full] = number;
        }

        string[] candidates = name == Head ? [Head] : [Full("refs/", name), Full("refs/heads/", name), Full("refs/tags/", name)];
        var found = candidates.FirstOrDefault(names.ContainsKey) ?? throw StrakeException.NotFound($"{source.Shown}: repository does not contain ref {name}");
        var commit = names.GetValueOrDefault(found + "^{}") ?? names[found];
        // What is to be verified may be the tag's own number as well.
        if (source.Checksum is not { } wanted || !names[found].StartsWith(wanted, StringComparison.Ordinal)) source.Verify(commit);
        return (found, commit);
    }

    static string Full(string prefix, string name) => name.StartsWith(prefix, StringComparison.Ordinal) ? name : prefix + name;

    static async Task CheckOutAsync(GitProgram git, GitSource source, string commit, CancellationToken stop)
    {
        await git.RunAsync(["init", "--quiet", "--template=", commit.Length == 64 ? "--object-format=sha256" : "--object-format=sha1"], source.Shown, stop);
        await git.RunAsync(["remote", "add", "--", "origin", source.Remote], source.Shown, stop);
        if (GitSource.IsCommit(source.Reference)) await FetchAsync(git, source, [commit], ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"], stop);
        else await FetchNamedAsync(git, source, stop);
        var there = await git.TryAsync(["rev-parse", "--verify", "--quiet", "--end-of-options", commit + "^{commit}"], stop);
        if (!there.Status.IsSuccess) throw StrakeException.Conflict($"{source.Shown}: {commit} is not there any more: build again");
        await git.RunAsync(["checkout", "--quiet", "--force", "--detach", commit], source.Shown, stop);
        if (source.TakesSubmodules) await UpdateSubmodulesAsync(git, source, stop);
    }

    static async Task FetchNamedAsync(GitProgram git, GitSource source, CancellationToken stop)
    {
        var (name, _) = await FindAsync(git, source, stop);
        await FetchAsync(git, source, [name], [name], stop);
    }

    // Servers without git's own protocol on HTTP give no single commit, and none give one that no name leads to.
    static async Task FetchAsync(GitProgram git, GitSource source, string[] least, string[] all, CancellationToken stop)
    {
        var output = await git.TryAsync(["fetch", "--quiet", "--depth=1", "--no-tags", "--", "origin", .. least], stop);
        if (!output.Status.IsSuccess) await git.RunAsync(["fetch", "--quiet", "--no-tags", "--", "origin", .. all], source.Shown, stop);
    }

    static async Task UpdateSubmodulesAsync(GitProgram git, GitSource source, CancellationToken stop)
    {
        string[] update = ["submodule", "--quiet", "update", "--init", "--recursive"];
        var output = await git.TryAsync([.. update, "--depth=1"], stop);
        if (!output.Status.IsSuccess) await git.RunAsync(update, $"{source.Shown}: submodules", stop);
    }

    async Task<ContextTree> PackAsync(GitSource source, string folder, CancellationToken stop)
    {
        using var tree = new MountedTree(RootedDirectory.Open(folder, PathRule.Strict));
        var top = SourceLinks.Resolve(tree, source.Directory);
        if (tree.Find(top) is not { IsDirectory: true }) throw StrakeException.NotFound($"{source.Shown}: there is no directory {BytePath.Show(source.Directory)}");
        var keepsGit = source.KeepsGit == true && top.Length == 0;
        return await PackedTree.OfAsync(tree, top, file => keepsGit || BytePath.Name(file.Path) != ".git" ? Plain(file) : null, packs, stop);
    }

    // git knows whether a file is a program; all else is this host's umask.
    static SourceFile Plain(SourceFile file) => file with
    {
        Entry = file.Entry with
        {
            Mode = file.IsDirectory || file.Entry.Mode.HasFlag(UnixFileMode.UserExecute) ? Permissions.Octal0755 : Permissions.Octal0644,
            Uid = 0,
            Gid = 0,
            Xattrs = [],
        },
    };
}
