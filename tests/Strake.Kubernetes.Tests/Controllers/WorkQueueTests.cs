using System.Collections.Concurrent;
using Strake.Kubernetes.Controllers;

namespace Strake.Kubernetes.Tests.Controllers;

public sealed class WorkQueueTests
{
    static readonly BackOff s_quick = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(4));

    [Fact]
    public async Task A_key_is_worked_on_by_one_at_a_time_and_once_more_when_it_was_added_meanwhile()
    {
        using var queue = new WorkQueue<string>(TimeProvider.System, s_quick);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        int atOnce = 0, most = 0, rounds = 0;
        var done = new TaskCompletionSource();
        Task run = queue.RunAsync(8, async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            queue.Add("key");
            await Task.Yield();
            Interlocked.Decrement(ref atOnce);
            if (Interlocked.Increment(ref rounds) == 100) done.TrySetResult();
        }, static (_, _) => { }, ending.Token);
        queue.Add("key");
        await done.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await ending.CancelAsync();
        await run;
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_key_that_waits_is_taken_once_however_often_it_is_added()
    {
        using var queue = new WorkQueue<int>(TimeProvider.System, s_quick);
        for (int time = 0; time < 1000; time++) queue.Add(time % 10);
        ConcurrentQueue<int> taken = [];
        await RunUntilAsync(queue, taken.Enqueue, () => taken.Count >= 10);
        Assert.Equal(Enumerable.Range(0, 10), taken.Order());
    }

    [Fact]
    public async Task What_failed_is_tried_again_and_the_others_are_not_kept_waiting()
    {
        using var queue = new WorkQueue<string>(TimeProvider.System, s_quick);
        ConcurrentQueue<string> done = [];
        int tries = 0;
        queue.Add("bad");
        queue.Add("good");
        await RunUntilAsync(queue, key =>
        {
            if (key is "bad" && ++tries < 5) throw new InvalidOperationException("not yet");
            done.Enqueue(key);
        }, () => done.Count == 2);
        Assert.Equal(["good", "bad"], done);
        Assert.Equal(5, tries);
    }

    [Fact]
    public void Waits_double_up_to_a_bound()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.Equal([1, 2, 4, 8, 10, 10], Enumerable.Range(1, 6).Select(failures => backOff.After(failures).TotalSeconds));
        Assert.Equal(10, backOff.After(int.MaxValue).TotalSeconds);
    }

    static async Task RunUntilAsync<T>(WorkQueue<T> queue, Action<T> work, Func<bool> isSo)
        where T : notnull
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var reached = new TaskCompletionSource();
        Task run = queue.RunAsync(1, (key, _) =>
        {
            work(key);
            if (isSo()) reached.TrySetResult();
            return Task.CompletedTask;
        }, static (_, _) => { }, ending.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await ending.CancelAsync();
        await run;
    }
}
