namespace Strake.Build;

/// <summary>A context that has been received whole.</summary>
/// <param name="files">Its files; disposed with this.</param>
sealed class ReceivedContext(ContextFiles files) : IBuildContexts
{
    const string IgnoreFile = ".dockerignore";

    // Null: it is among the files.
    ReadOnlyMemory<byte>? dockerfile;

    /// <summary>A Dockerfile that came alone, without files.</summary>
    /// <param name="dockerfile">Its bytes.</param>
    /// <param name="packs">The directory in which contexts are kept.</param>
    public static ReceivedContext OfDockerfile(byte[] dockerfile, string packs) =>
        new(new ContextFiles(new ContextTree(new ContextPack(packs)))) { dockerfile = dockerfile };

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> ReadDockerfileAsync(string path, CancellationToken cancellationToken)
    {
        if (dockerfile is { } alone) return alone;
        var bytes = await files.TryReadAsync(path, DockerfileLimits.FileBytes, cancellationToken)
            ?? throw StrakeException.NotFound($"Cannot locate specified Dockerfile: {path}");
        await HideAsync(path, cancellationToken);
        return bytes;
    }

    /// <inheritdoc/>
    public Task<ContextFiles> OpenAsync(IReadOnlyList<string>? paths, CancellationToken cancellationToken) => Task.FromResult(files);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        files.Dispose();
        return ValueTask.CompletedTask;
    }

    // Clients send these two even where they are to be ignored, for the builder needs them.
    async ValueTask HideAsync(string dockerfile, CancellationToken cancellationToken)
    {
        if (await files.TryReadAsync(IgnoreFile, DockerfileLimits.IgnoreFileBytes, cancellationToken) is not { } bytes) return;
        var rules = IgnoreRules.Parse(bytes);
        foreach (var path in (string[])[dockerfile, IgnoreFile])
        {
            if (rules.IsIgnored(BytePath.Clean(path))) files.Hide(path);
        }
    }
}
