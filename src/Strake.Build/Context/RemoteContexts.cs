namespace Strake.Build;

/// <summary>
/// Build contexts that are fetched: a git repository; a tar, compressed or not; or a Dockerfile alone. What an address of HTTP holds is told by its
/// bytes, for servers call tars by many names.
/// </summary>
static class RemoteContexts
{
    /// <summary>Fetches one.</summary>
    /// <param name="services">What builds work with.</param>
    /// <param name="remote">The place: a git repository (see <see cref="GitSource"/>; also <c>github.com/user/repository</c>), or an address of HTTP.</param>
    /// <param name="arguments">The build's arguments, for the proxies that they name.</param>
    /// <param name="stop">Ends it; nothing is left then.</param>
    /// <exception cref="StrakeException">Invalid: no such place, or neither a tar nor a Dockerfile. What the place says.</exception>
    public static async Task<IBuildContexts> FetchAsync(BuildServices services, string remote, IReadOnlyDictionary<string, string?> arguments, CancellationToken stop)
    {
        var proxies = new RemoteProxies(arguments, services.Remote);
        if (GitSource.TryParseContext(remote) is { } git)
        {
            var checkout = new GitCheckout(services.Remote, proxies, secrets: null, services.Repositories, services.Packs, services.Time);
            return new ReceivedContext(new ContextFiles(await checkout.FetchAsync(git, await checkout.ResolveAsync(git, stop), stop)));
        }

        var source = HttpSource.TryParse(remote) ?? throw StrakeException.Invalid($"remoteURL ({remote}) could not be recognized as URL");
        var file = await new HttpDownload(services.Remote, proxies, secrets: null, services.Packs, services.Time).FetchAsync(source, stop);
        using var tree = file.Tree;
        return await OpenAsync(source, tree, tree.Find(file.Name)!, services.Packs, stop);
    }

    static async Task<IBuildContexts> OpenAsync(HttpSource source, ContextTree tree, SourceFile file, string packs, CancellationToken stop)
    {
        await using var content = tree.Open(file);
        if (ArchiveFile.IsArchive(tree, file)) return new ReceivedContext(new ContextFiles(await TarContext.ReceiveAsync(content, packs, stop)));
        if (file.Entry.SizeBytes > DockerfileLimits.FileBytes) throw NoContext(source);
        var bytes = new byte[file.Entry.SizeBytes];
        await content.ReadExactlyAsync(bytes, stop);
        if (bytes.Length == 0 || bytes.Contains((byte)0)) throw NoContext(source);
        return ReceivedContext.OfDockerfile(bytes, packs);
    }

    static StrakeException NoContext(HttpSource source) => StrakeException.Invalid($"{source.Shown} is neither a tar nor a Dockerfile");
}
