using System.Collections.Concurrent;

namespace Strake.Build;

/// <summary>What one build fetches from the network: each place once, however many steps want it, so that all of them see the same.</summary>
/// <param name="downloads">Fetches files.</param>
/// <param name="checkouts">Fetches repositories.</param>
/// <param name="stop">Ends all of it.</param>
sealed class RemoteFiles(HttpDownload downloads, GitCheckout checkouts, CancellationToken stop) : IAsyncDisposable
{
    readonly ConcurrentDictionary<HttpSource, Lazy<Task<DownloadedFile>>> files = new();
    readonly ConcurrentDictionary<GitSource, Lazy<Task<string>>> commits = new();
    readonly ConcurrentDictionary<GitSource, Lazy<Task<ContextTree>>> repositories = new();

    /// <summary>The fetchers of a build.</summary>
    public static RemoteFiles Of(BuildServices services, IReadOnlyDictionary<string, string?> arguments, ISecretSource? secrets, CancellationToken stop)
    {
        var proxies = new RemoteProxies(arguments, services.Remote);
        return new RemoteFiles(
            new HttpDownload(services.Remote, proxies, secrets, services.Packs, services.Time),
            new GitCheckout(services.Remote, proxies, secrets, services.Repositories, services.Packs, services.Time),
            stop);
    }

    /// <summary>A file.</summary>
    public Task<DownloadedFile> DownloadAsync(HttpSource source) => files.GetOrAdd(source, _ => new(() => downloads.FetchAsync(source, stop))).Value;

    /// <summary>The commit that a reference names.</summary>
    public Task<string> ResolveAsync(GitSource source) => commits.GetOrAdd(source, _ => new(() => checkouts.ResolveAsync(source, stop))).Value;

    /// <summary>The files of that commit.</summary>
    public Task<ContextTree> CheckOutAsync(GitSource source) =>
        repositories.GetOrAdd(source, _ => new(async () => await checkouts.FetchAsync(source, await ResolveAsync(source), stop))).Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var file in files.Values.Where(static file => file.IsValueCreated))
        {
            if (await SettledAsync(file.Value)) (await file.Value).Tree.Dispose();
        }

        foreach (var repository in repositories.Values.Where(static repository => repository.IsValueCreated))
        {
            if (await SettledAsync(repository.Value)) (await repository.Value).Dispose();
        }
    }

    static async Task<bool> SettledAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task.IsCompletedSuccessfully;
    }
}
