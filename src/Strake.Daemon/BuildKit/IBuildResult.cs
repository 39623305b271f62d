using Strake.Daemon.BuildKit.Files;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;

namespace Strake.Daemon.BuildKit;

/// <summary>What a build made; kept as long as somebody has it.</summary>
interface IBuildResult : IAsyncDisposable
{
    /// <summary>
    /// The answers to a question about the Dockerfile: <c>result.json</c>, <c>result.txt</c>, <c>version</c>. Empty where something was built.
    /// </summary>
    IReadOnlyDictionary<string, byte[]> Answers { get; }

    /// <summary>Makes the outputs of the order that was built. Called at most once.</summary>
    /// <param name="session">The client that takes them.</param>
    /// <param name="progress">Hears how it goes.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What clients may know: <c>containerimage.digest</c>, <c>containerimage.config.digest</c>, <c>image.name</c>.</returns>
    /// <exception cref="StrakeException">It failed.</exception>
    Task<IReadOnlyDictionary<string, string>> ExportAsync(IBuildSession session, ISolveProgress progress, CancellationToken cancellationToken);

    /// <summary>What is known of a file of the result; links on the way are followed, one at the end is not.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">NotFound.</exception>
    Task<FileEntry> StatAsync(string path, CancellationToken cancellationToken);

    /// <summary>What is in a directory of the result, in the order of names.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">NotFound. Invalid: it is no directory.</exception>
    Task<IReadOnlyList<FileEntry>> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>A part of a file of the result; links are followed.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">How long it is at most; bytes.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StrakeException">NotFound. Invalid: it is no regular file.</exception>
    Task<byte[]> ReadAsync(string path, long offset, int length, CancellationToken cancellationToken);
}
