namespace Strake.Linux.Tests;

public sealed class SyscallContentTests
{
    [Fact]
    public void A_hole_that_is_punched_reads_as_zeros_and_takes_no_space()
    {
        using var folder = new TemporaryDirectory();
        using var file = Syscall.Open(folder.MakeFile("file", new string('x', 1024 * 1024)), OpenFlags.ReadWrite);
        Syscall.FSync(file);
        var before = Syscall.Stat(file);

        Syscall.PunchHole(file, 65536, 512 * 1024);

        var after = Syscall.Stat(file);
        Assert.Equal(before.SizeBytes, after.SizeBytes);
        Assert.Equal(before.AllocatedBytes - 512 * 1024, after.AllocatedBytes);
        Assert.Equal(65536, Syscall.Seek(file, 0, SeekFrom.Hole));
        Assert.Equal(65536 + 512 * 1024, Syscall.TrySeekData(file, 65536));
        Syscall.Ftruncate(file, 65536 + 4096);
        Assert.Null(Syscall.TrySeekData(file, 65536));
    }

    [Fact]
    public void Space_is_taken_beforehand()
    {
        using var folder = new TemporaryDirectory();
        using var file = Syscall.Open(folder.MakeFile("file"), OpenFlags.ReadWrite);

        Syscall.Fallocate(file, AllocateMode.KeepSize, 0, 1024 * 1024);

        Assert.Equal((0, 1024 * 1024), (Syscall.Stat(file).SizeBytes, Syscall.Stat(file).AllocatedBytes));
    }

    [Fact]
    public void A_range_is_copied_within_the_kernel()
    {
        using var folder = new TemporaryDirectory();
        using var source = Syscall.Open(folder.MakeFile("source", "0123456789"), OpenFlags.ReadOnly);
        using var target = Syscall.Open(folder.MakeFile("target"), OpenFlags.ReadWrite);

        Assert.Equal(4, Syscall.TryCopyFileRange(source, 3, target, 1, 4));
        Assert.Equal(0, Syscall.TryCopyFileRange(source, 10, target, 0, 4));

        Assert.Equal("\03456", File.ReadAllText(folder["target"]));
    }

    [Fact]
    public void Where_copying_in_the_kernel_does_not_work_it_is_an_outcome()
    {
        using var folder = new TemporaryDirectory();
        using var pipe = Syscall.Pipe2();
        using var source = Syscall.Open(folder.MakeFile("source", "0123456789"), OpenFlags.ReadOnly);

        Assert.Equal(-1, Syscall.TryCopyFileRange(source, 0, pipe.Write, 0, 4));
        Assert.False(Syscall.TryClone(source, pipe.Write));
    }

    [Fact]
    public void A_file_goes_into_a_pipe_without_passing_through_us()
    {
        using var folder = new TemporaryDirectory();
        using var pipe = Syscall.Pipe2();
        using var source = Syscall.Open(folder.MakeFile("source", "0123456789"), OpenFlags.ReadOnly);
        var offset = 2L;

        Assert.Equal(5, Syscall.SendFile(pipe.Write, source, ref offset, 5));

        var buffer = new byte[10];
        Assert.Equal(5, Syscall.TryRead(pipe.Read, buffer));
        Assert.Equal("23456"u8.ToArray(), buffer[..5]);
        Assert.Equal(7, offset);
    }

    [Fact]
    public void A_lock_is_another_s_until_it_is_given_up()
    {
        using var folder = new TemporaryDirectory();
        folder.MakeFile("lock");
        using var one = Syscall.Open(folder["lock"], OpenFlags.ReadOnly);
        using var other = Syscall.Open(folder["lock"], OpenFlags.ReadOnly);

        Assert.True(Syscall.TryFlock(one, LockKind.Exclusive));
        Assert.False(Syscall.TryFlock(other, LockKind.Shared));
        Assert.True(Syscall.TryFlock(one, LockKind.Shared));
        Assert.True(Syscall.TryFlock(other, LockKind.Shared));
        Assert.False(Syscall.TryFlock(other, LockKind.Exclusive));
        one.Dispose();
        Syscall.Flock(other, LockKind.Exclusive);
    }
}
