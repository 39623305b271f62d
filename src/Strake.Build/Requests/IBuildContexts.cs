namespace Strake.Build;

/// <summary>Where a build's files come from.</summary>
public interface IBuildContexts : IAsyncDisposable
{
    /// <summary>The Dockerfile's bytes.</summary>
    /// <param name="path">Its path in the context.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StrakeException">NotFound: there is none.</exception>
    Task<ReadOnlyMemory<byte>> ReadDockerfileAsync(string path, CancellationToken cancellationToken);

    /// <summary>The main context's files; the same each time.</summary>
    /// <param name="cancellationToken">Cancels it.</param>
    internal Task<ISourceTree> OpenAsync(CancellationToken cancellationToken);
}
