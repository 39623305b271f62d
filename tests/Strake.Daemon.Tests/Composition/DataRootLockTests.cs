using Strake.Daemon.Composition;
using Strake.State;

namespace Strake.Daemon.Tests.Composition;

public sealed class DataRootLockTests
{
    [Fact]
    public void A_second_daemon_on_a_data_root_is_refused_until_the_first_ends()
    {
        using var folder = new TestFolder();
        using (DataRootLock.Take(folder.Path))
        {
            var refusal = Assert.Throws<StrakeException>(() => DataRootLock.Take(folder.Path));
            Assert.Equal(ErrorKind.Unavailable, refusal.Kind);
            Assert.Contains(folder.Path, refusal.Message, StringComparison.Ordinal);
        }

        DataRootLock.Take(folder.Path).Dispose();
    }
}
