using Strake.Images;

namespace Strake.Build;

/// <summary>A context that has been received whole.</summary>
/// <param name="tree">Its files; disposed with this.</param>
sealed class ReceivedContext(ContextTree tree) : IBuildContexts
{
    const string IgnoreFile = ".dockerignore";

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> ReadDockerfileAsync(string path, CancellationToken cancellationToken)
    {
        var found = tree.Find(SourceLinks.Resolve(tree, BytePath.Clean(BytePath.OfText(path))));
        if (found is not { Entry.Type: Images.Tar.TarEntryType.Regular } file)
            throw StrakeException.NotFound($"Cannot locate specified Dockerfile: {path}");
        if (file.Entry.SizeBytes > DockerfileLimits.FileBytes) throw StrakeException.TooLarge($"{path} is longer than {DockerfileLimits.FileBytes} bytes");
        var bytes = new byte[file.Entry.SizeBytes];
        await using var stream = tree.Open(file);
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        await HideAsync(file.Path, cancellationToken);
        return bytes;
    }

    // Clients send these two even where they are to be ignored, for the builder needs them.
    async ValueTask HideAsync(string dockerfile, CancellationToken cancellationToken)
    {
        if (tree.Find(IgnoreFile) is not { Entry: { Type: Images.Tar.TarEntryType.Regular, SizeBytes: <= DockerfileLimits.IgnoreFileBytes } } file) return;
        var bytes = new byte[file.Entry.SizeBytes];
        await using var stream = tree.Open(file);
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        var rules = IgnoreRules.Parse(bytes);
        foreach (var path in (string[])[dockerfile, IgnoreFile])
        {
            if (rules.IsIgnored(BytePath.Bytes(path))) tree.Remove(path);
        }
    }

    /// <inheritdoc/>
    Task<ISourceTree> IBuildContexts.OpenAsync(CancellationToken cancellationToken) => Task.FromResult<ISourceTree>(tree);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        tree.Dispose();
        return ValueTask.CompletedTask;
    }
}
