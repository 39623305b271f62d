using Strake.Daemon.Composition;
using Strake.State;

namespace Strake.Daemon.Tests.Composition;

public sealed class PidFileTests
{
    [Fact]
    public void A_held_file_names_its_process_and_is_gone_with_it()
    {
        using var folder = new TestFolder();
        string path = folder.At("strake.pid");
        using (PidFile.Write(path))
        {
            Assert.Equal(Environment.ProcessId, PidFile.FindHolder(path));
            Assert.Equal(ErrorKind.Unavailable, Assert.Throws<StrakeException>(() => PidFile.Write(path)).Kind);
        }

        Assert.False(File.Exists(path));
        Assert.Null(PidFile.FindHolder(path));
    }

    [Fact]
    public void A_file_that_a_dead_daemon_left_names_nobody_and_is_taken_over()
    {
        using var folder = new TestFolder();
        string path = folder.At("strake.pid");
        File.WriteAllText(path, "1\n");
        Assert.Null(PidFile.FindHolder(path));
        using PidFile taken = PidFile.Write(path);
        Assert.Equal(Environment.ProcessId, PidFile.FindHolder(path));
    }
}
