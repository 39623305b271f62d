using System.Collections.Concurrent;
using Strake.Images;

namespace Strake.Build;

/// <summary>What one build fetches from the network: each place once, however many steps want it, so that all of them see the same.</summary>
/// <param name="downloads">Fetches files.</param>
/// <param name="checkouts">Fetches repositories.</param>
/// <param name="versions">What servers had before; null: nobody is to know.</param>
/// <param name="stop">Ends all of it.</param>
sealed class RemoteFiles(HttpDownload downloads, GitCheckout checkouts, RemoteVersions? versions, CancellationToken stop) : IAsyncDisposable
{
    readonly ConcurrentDictionary<HttpSource, Lazy<Task<(string Name, Digest Digest, DownloadedFile? File)>>> known = new();
    readonly ConcurrentDictionary<HttpSource, Lazy<Task<DownloadedFile>>> files = new();
    readonly ConcurrentDictionary<GitSource, Lazy<Task<string>>> commits = new();
    readonly ConcurrentDictionary<GitSource, Lazy<Task<ContextTree>>> repositories = new();

    /// <summary>The fetchers of a build.</summary>
    public static RemoteFiles Of(BuildServices services, BuildRequest request, ISecretSource? secrets, CancellationToken stop)
    {
        var proxies = new RemoteProxies(request.Arguments, services.Remote);
        return new RemoteFiles(
            new HttpDownload(services.Remote, proxies, secrets, services.Packs, services.Time),
            new GitCheckout(services.Remote, proxies, secrets, services.Repositories, services.Packs, services.Time),
            request.NoCache ? null : services.RemoteVersions,
            stop);
    }

    /// <summary>What a file is. It is fetched for that, but where the server says that it still has what it had.</summary>
    public async Task<(string Name, Digest Digest)> IdentifyAsync(HttpSource source)
    {
        var (name, digest, _) = await known.GetOrAdd(source, _ => new(() => AskAsync(source))).Value;
        return (name, digest);
    }

    /// <summary>A file.</summary>
    public async Task<DownloadedFile> DownloadAsync(HttpSource source)
    {
        if (known.TryGetValue(source, out var asked) && (await asked.Value).File is { } file) return file;
        return await files.GetOrAdd(source, _ => new(() => downloads.FetchAsync(source, stop))).Value;
    }

    /// <summary>The commit that a reference names.</summary>
    public Task<string> ResolveAsync(GitSource source) => commits.GetOrAdd(source, _ => new(() => checkouts.ResolveAsync(source, stop))).Value;

    /// <summary>The files of that commit.</summary>
    public Task<ContextTree> CheckOutAsync(GitSource source) =>
        repositories.GetOrAdd(source, _ => new(async () => await checkouts.FetchAsync(source, await ResolveAsync(source), stop))).Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var asked in known.Values.Where(static asked => asked.IsValueCreated))
        {
            if (await SettledAsync(asked.Value)) (await asked.Value).File?.Tree.Dispose();
        }

        foreach (var file in files.Values.Where(static file => file.IsValueCreated))
        {
            if (await SettledAsync(file.Value)) (await file.Value).Tree.Dispose();
        }

        foreach (var repository in repositories.Values.Where(static repository => repository.IsValueCreated))
        {
            if (await SettledAsync(repository.Value)) (await repository.Value).Dispose();
        }
    }

    async Task<(string Name, Digest Digest, DownloadedFile? File)> AskAsync(HttpSource source)
    {
        var before = versions is null ? null : await versions.FindAsync(source, stop);
        var file = await downloads.TryFetchAsync(source, before?.ETag ?? "", stop);
        var now = file is null ? before! : new RemoteVersion { ETag = file.ETag, Digest = file.Digest.ToString(), Name = file.Name };
        if (versions is not null) await versions.KeepAsync(source, now, stop);
        return Digest.TryParse(now.Digest, out var digest) ? (now.Name, digest, file) : throw new InvalidOperationException("What is known has a digest.");
    }

    static async Task<bool> SettledAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompletedSuccessfully;
    }
}
