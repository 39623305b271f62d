using Strake.Layers;

namespace Strake.Build.Tests.Running;

public sealed class EndedProcessesTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_build_goes_on_while_its_programs_are_removed_and_none_outlives_it()
    {
        var ended = new EndedProcesses();
        List<Process> processes = [new(), new()];
        foreach (var process in processes) await ended.AddAsync(process).WaitAsync(s_patience, Stop);
        var end = ended.DisposeAsync().AsTask();
        processes[0].Gate.SetResult();
        Assert.False(end.IsCompleted);
        processes[1].Gate.SetResult();
        await end.WaitAsync(s_patience, Stop);
        Assert.All(processes, process => Assert.True(process.IsRemoved));
    }

    [Fact]
    public async Task A_build_that_is_faster_than_the_removals_waits_for_them()
    {
        var ended = new EndedProcesses();
        List<Process> processes = [.. Enumerable.Range(0, 5).Select(_ => new Process())];
        foreach (var process in processes.Take(4)) await ended.AddAsync(process).WaitAsync(s_patience, Stop);
        var fifth = ended.AddAsync(processes[4]);
        Assert.False(fifth.IsCompleted);
        processes[2].Gate.SetResult();
        await fifth.WaitAsync(s_patience, Stop);
        foreach (var process in processes) process.Gate.TrySetResult();
        await ended.DisposeAsync().AsTask().WaitAsync(s_patience, Stop);
    }

    [Fact]
    public async Task What_cannot_be_removed_is_told_and_the_others_are_removed()
    {
        var ended = new EndedProcesses();
        var other = new Process();
        var failing = new Process();
        await ended.AddAsync(failing);
        await ended.AddAsync(other);
        failing.Gate.SetException(StrakeException.Unavailable("it is stuck"));
        other.Gate.SetResult();
        await Assert.ThrowsAsync<StrakeException>(async () => await ended.DisposeAsync());
        Assert.True(other.IsRemoved);
    }

    sealed class Process : IProcessResult
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsRemoved { get; private set; }

        public int ExitCode => 0;

        public LayerId Layer => throw new InvalidOperationException("Nobody asks for it.");

        public async ValueTask DisposeAsync()
        {
            await Gate.Task;
            IsRemoved = true;
        }
    }
}
