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
    /// <param name="paths">What is needed of it, wildcards included; what it has beside does no harm. Null: everything.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    Task<ContextFiles> OpenAsync(IReadOnlyList<string>? paths, CancellationToken cancellationToken);

    /// <summary>The files of a context with a name; the same each time.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The files; null: there is none of that name.</returns>
    Task<ContextFiles?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult<ContextFiles?>(null);
}
