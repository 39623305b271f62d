using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Hostile;

/// <summary>`docker cp` against a container that swaps a directory for a link to the host's files, over and over.</summary>
public sealed class CopyRaceTests(LoadedEngine loaded) : EngineTests(loaded)
{
    const int Rounds = 150;

    [Fact]
    public async Task A_link_swapped_in_meanwhile_gives_nothing_of_the_host_and_writes_nothing_there()
    {
        var outside = Engine.NewFolder();
        outside.Write("file", "host");
        var name = Engine.NewContainer();
        await Docker.OkAsync(
            "run", "-d", "--name", name, "--network", "none", "busybox", "sh", "-c",
            $"mkdir -p /real /way; echo container >/real/file; while :; do rm -rf /way; ln -s {outside.There} /way; rm -f /way; cp -r /real /way; done");
        var written = Engine.NewFile("written");
        for (var round = 0; round < Rounds; round++)
        {
            var read = await Engine.ShellAsync($"docker cp {name}:/way/file - 2>/dev/null | tar -xO 2>/dev/null");
            Assert.DoesNotContain("host", read.Output, StringComparison.Ordinal);
            await Docker.RunAsync("cp", written, $"{name}:/way/file");
            Assert.Equal("host", outside.Read("file"));
        }
        Assert.Equal(["file"], Directory.GetFileSystemEntries(outside.Here).Select(path => Path.GetFileName(path)!));
    }
}
