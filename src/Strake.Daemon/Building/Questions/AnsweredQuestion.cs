using Strake.Daemon.BuildKit;
using Strake.Daemon.BuildKit.Files;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;

namespace Strake.Daemon.Building;

/// <summary>The answer to a question about a Dockerfile: there is nothing else in it.</summary>
/// <param name="answers">By their names.</param>
sealed class AnsweredQuestion(IReadOnlyDictionary<string, byte[]> answers) : IBuildResult
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, byte[]> Answers => answers;

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> ExportAsync(IBuildSession session, ISolveProgress progress, CancellationToken cancellationToken) => throw Nothing();

    /// <inheritdoc/>
    public Task<FileEntry> StatAsync(string path, CancellationToken cancellationToken) => throw Nothing();

    /// <inheritdoc/>
    public Task<IReadOnlyList<FileEntry>> ListAsync(string path, CancellationToken cancellationToken) => throw Nothing();

    /// <inheritdoc/>
    public Task<byte[]> ReadAsync(string path, long offset, int length, CancellationToken cancellationToken) => throw Nothing();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    static StrakeException Nothing() => StrakeException.NotFound("the answer to a question has no files");
}
