using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Strake.Layers;

/// <summary>
/// Removes layers that are marked as going: directory, split record, record, in this order, so that whatever a crash leaves is found by
/// its record. In the background, children before parents.
/// </summary>
sealed partial class LayerRemovals(IStorageDriver driver, LayerRecords records, LayerFiles files, DetachedMounts mounts, ILogger logger, int parallelism)
    : IDisposable
{
    readonly ConcurrentDictionary<LayerId, Task> running = new();
    readonly SemaphoreSlim slots = new(parallelism);

    /// <summary>Starts to remove layers, one after the other.</summary>
    /// <param name="ids">Layers that are marked <see cref="LayerState.Removing"/> or were never findable, children before parents.</param>
    /// <returns>
    /// Completes when all are gone or one failed, which is logged: it stays marked, and the next start tries again. Never fails.
    /// </returns>
    public Task Begin(IReadOnlyList<LayerId> ids) => Task.WhenAll(ids.Select(Begin));

    /// <summary>Waits for all that has begun.</summary>
    public async Task FinishAsync()
    {
        while (!running.IsEmpty) await Task.WhenAll(running.Values);
    }

    /// <inheritdoc/>
    public void Dispose() => slots.Dispose();

    Task Begin(LayerId id)
    {
        // The task is in the table before it runs, and takes itself out: who asks meanwhile waits for this one.
        var removal = new Task<Task>(() => RunAsync(id));
        var task = removal.Unwrap();
        var winner = running.GetOrAdd(id, task);
        if (ReferenceEquals(winner, task)) removal.Start(TaskScheduler.Default);
        return winner;
    }

    async Task RunAsync(LayerId id)
    {
        try
        {
            await WaitForChildrenAsync(id);
            await slots.WaitAsync();
            try
            {
                Remove(id);
            }
            finally
            {
                slots.Release();
            }

            await records.ForgetAsync(id);
            FaultPoint.Reach("layer.remove.forgotten");
        }
        catch (Exception e)
        {
            LogFailed(logger, id, e);
        }
        finally
        {
            running.TryRemove(id, out _);
        }
    }

    void Remove(LayerId id)
    {
        FaultPoint.Reach("layer.remove.marked");
        if (driver.Traits.OwnFileSystems) mounts.Release(id);
        driver.Remove(id);
        FaultPoint.Reach("layer.remove.directory-gone");
        mounts.ReleaseSoon(id);
        files.RemoveSplit(id);
        FaultPoint.Reach("layer.remove.split-gone");
    }

    async Task WaitForChildrenAsync(LayerId id)
    {
        foreach (var child in await records.ChildrenAsync(id))
        {
            if (running.TryGetValue(child, out var removal)) await removal;
        }

        var left = await records.ChildrenAsync(id);
        if (left.Count > 0) throw StrakeException.InUse($"layer {id}: {left[0]} still lies on it");
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Layer {Id} was not removed; the next start tries again")]
    static partial void LogFailed(ILogger logger, LayerId id, Exception error);
}
