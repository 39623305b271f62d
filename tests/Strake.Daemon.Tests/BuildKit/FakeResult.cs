using Strake.Daemon.BuildKit;
using Strake.Daemon.BuildKit.Files;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Sessions;
using Strake.State;

namespace Strake.Daemon.Tests.BuildKit;

/// <summary>A result that a test has made up.</summary>
sealed class FakeResult : IBuildResult
{
    public Dictionary<string, byte[]> Answers { get; init; } = new(StringComparer.Ordinal);

    IReadOnlyDictionary<string, byte[]> IBuildResult.Answers => Answers;

    public Func<IBuildSession, ISolveProgress, CancellationToken, Task<IReadOnlyDictionary<string, string>>> Export { get; init; } =
        static (_, _, _) => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(StringComparer.Ordinal));

    public bool IsDisposed { get; private set; }

    public Task<IReadOnlyDictionary<string, string>> ExportAsync(IBuildSession session, ISolveProgress progress, CancellationToken cancellationToken) =>
        Export(session, progress, cancellationToken);

    public Task<FileEntry> StatAsync(string path, CancellationToken cancellationToken) => throw StrakeException.NotFound($"{path} is not there");

    public Task<IReadOnlyList<FileEntry>> ListAsync(string path, CancellationToken cancellationToken) => throw StrakeException.NotFound($"{path} is not there");

    public Task<byte[]> ReadAsync(string path, long offset, int length, CancellationToken cancellationToken) => throw StrakeException.NotFound($"{path} is not there");

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
