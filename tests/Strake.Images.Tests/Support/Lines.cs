using System.Collections.Concurrent;

namespace Strake.Images.Tests;

/// <summary>Keeps the lines of a pull or push, and lets a test wait for one.</summary>
sealed class Lines : IProgress<TransferProgress>
{
    readonly ConcurrentQueue<TransferProgress> _all = new();
    readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);

    public IEnumerable<TransferProgress> All => _all;

    /// <summary>Statuses without those that only measure.</summary>
    public IEnumerable<string> Statuses => _all.Where(l => l.TotalBytes is null).Select(l => l.Status);

    public IEnumerable<string> Of(string id) => _all.Where(l => l.Id == id).Select(l => l.Status);

    public void Report(TransferProgress value)
    {
        _all.Enqueue(value);
        Signal(value.Status).TrySetResult();
    }

    public Task SeenAsync(string status) => Signal(status).Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);

    TaskCompletionSource Signal(string status) =>
        _awaited.GetOrAdd(status, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
