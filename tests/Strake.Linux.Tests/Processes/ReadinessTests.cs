namespace Strake.Linux.Tests;

public sealed class ReadinessTests
{
    [Fact]
    public async Task A_wait_ends_when_the_descriptor_is_ready()
    {
        using var pipe = Syscall.Pipe2();

        var waiting = Readiness.WaitAsync(pipe.Read, PollEvents.Readable, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        Syscall.TryWrite(pipe.Write, "x"u8);

        Assert.Equal(PollEvents.Readable, await waiting);
    }

    [Fact]
    public async Task Several_may_wait_for_one_descriptor_and_all_are_told()
    {
        using var signal = Syscall.EventFd();
        var waits = Enumerable.Range(0, 20)
            .Select(_ => Readiness.WaitAsync(signal, PollEvents.Readable, TestContext.Current.CancellationToken)).ToList();

        Syscall.TryWrite(signal, BitConverter.GetBytes(1L));

        Assert.All(await Task.WhenAll(waits), events => Assert.Equal(PollEvents.Readable, events));
    }

    [Fact]
    public async Task The_other_end_s_close_is_told()
    {
        using var pipe = Syscall.Pipe2();

        var waiting = Readiness.WaitAsync(pipe.Read, PollEvents.Readable, TestContext.Current.CancellationToken);
        pipe.Write.Dispose();

        Assert.Equal(PollEvents.HangUp, await waiting);
    }

    [Fact]
    public async Task Closing_the_own_end_while_waiting_harms_nobody()
    {
        using var pipe = Syscall.Pipe2();

        var waiting = Readiness.WaitAsync(pipe.Read, PollEvents.Readable, TestContext.Current.CancellationToken);
        pipe.Read.Dispose();
        Syscall.TryWrite(pipe.Write, "x"u8);

        Assert.Equal(PollEvents.Readable, await waiting);
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_nothing_behind()
    {
        using var pipe = Syscall.Pipe2();
        using var cancellation = new CancellationTokenSource();

        var waiting = Readiness.WaitAsync(pipe.Read, PollEvents.Readable, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Syscall.TryWrite(pipe.Write, "x"u8);
        Assert.Equal(PollEvents.Readable, await Readiness.WaitAsync(pipe.Read, PollEvents.Readable, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_regular_file_cannot_be_waited_for()
    {
        using var folder = new TemporaryDirectory();
        using var file = Syscall.Open(folder.MakeFile("file"), OpenFlags.ReadOnly);

        var exception = await Assert.ThrowsAsync<LinuxException>(
            () => Readiness.WaitAsync(file, PollEvents.Readable, TestContext.Current.CancellationToken));

        Assert.Equal(Errno.EPERM, exception.Errno);
    }
}
