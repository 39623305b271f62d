namespace Strake.Linux.Tests;

public sealed class SyscallDescriptorTests
{
    [Fact]
    public void A_pipe_that_is_empty_or_full_or_closed_says_so()
    {
        using var pipe = Syscall.Pipe2();
        Syscall.SetNonBlocking(pipe.Read);
        Syscall.SetNonBlocking(pipe.Write);
        var buffer = new byte[256 * 1024];

        Assert.Equal(-1, Syscall.TryRead(pipe.Read, buffer));

        // 64 KiB, or less where the user has very many pipes (pipe-user-pages-soft, pipe(7)).
        var written = Syscall.TryWrite(pipe.Write, buffer);
        Assert.InRange(written, 1, buffer.Length - 1);
        Assert.Equal(-1, Syscall.TryWrite(pipe.Write, buffer));
        Assert.Equal(written, Syscall.TryRead(pipe.Read, buffer));
        pipe.Write.Dispose();

        // Not at once: a child that another test starts now has a copy of all descriptors until its exec.
        Assert.Equal(PollEvents.HangUp, Syscall.Poll(pipe.Read, PollEvents.Readable, -1));
        Assert.Equal(0, Syscall.TryRead(pipe.Read, buffer));
    }

    [Fact]
    public void Writing_where_nobody_reads_is_an_error_and_no_signal()
    {
        using var pipe = Syscall.Pipe2();
        pipe.Read.Dispose();

        Assert.Equal(PollEvents.Error, Syscall.Poll(pipe.Write, PollEvents.None, -1));
        Assert.Equal(Errno.EPIPE, Assert.Throws<LinuxException>(() => Syscall.TryWrite(pipe.Write, "x"u8)).Errno);
    }

    [Fact]
    public void A_wait_tells_what_a_descriptor_has_become()
    {
        using var pipe = Syscall.Pipe2();

        Assert.Equal(PollEvents.None, Syscall.Poll(pipe.Read, PollEvents.Readable, 0));
        Assert.Equal(PollEvents.Writable, Syscall.Poll(pipe.Write, PollEvents.Writable, -1));
        Syscall.TryWrite(pipe.Write, "x"u8);
        PollDescriptor[] both = [new(pipe.Read, PollEvents.Readable), new(pipe.Write, PollEvents.None)];
        Assert.Equal(1, Syscall.Poll(both, 1000));
        Assert.Equal((PollEvents.Readable, PollEvents.None), (both[0].Returned, both[1].Returned));
    }

    [Fact]
    public void An_event_counter_counts()
    {
        using var counter = Syscall.EventFd(3);
        var buffer = new byte[8];

        Syscall.TryWrite(counter, BitConverter.GetBytes(4L));

        Assert.Equal(8, Syscall.TryRead(counter, buffer));
        Assert.Equal(7, BitConverter.ToInt64(buffer));
        Assert.Equal(-1, Syscall.TryRead(counter, buffer));
    }

    [Fact]
    public void A_file_in_memory_is_a_file()
    {
        using var file = Syscall.MemFdCreate("strake-test");
        RandomAccess.Write(file, "content"u8, 0);

        using var stream = new FileStream(file, FileAccess.Read);

        Assert.Equal("content", new StreamReader(stream).ReadToEnd());
        Assert.Contains("memfd:strake-test", Syscall.PathOf(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_of_a_descriptor_is_at_or_above_the_number_asked_for()
    {
        using var pipe = Syscall.Pipe2();
        using var copy = Syscall.Duplicate(pipe.Write, 300);

        Assert.InRange((int)copy.DangerousGetHandle(), 300, int.MaxValue);
        pipe.Write.Dispose();
        Assert.Equal(1, Syscall.TryWrite(copy, "x"u8));
    }
}
