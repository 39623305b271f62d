using Strake.Kubernetes.Storage;

namespace Strake.Kubernetes.Tests.Storage;

public sealed class HostPathsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-test-paths-").FullName;

    [Fact]
    public void Emptying_takes_all_that_is_within_and_leaves_the_directory()
    {
        string volume = Directory.CreateDirectory(Path.Combine(folder, "volume")).FullName;
        Directory.CreateDirectory(Path.Combine(volume, "a", "b"));
        File.WriteAllText(Path.Combine(volume, "a", "b", ".hidden"), "x");
        File.WriteAllText(Path.Combine(volume, "..double"), "x");
        HostPaths.Scrub(volume);
        Assert.True(Directory.Exists(volume));
        Assert.Empty(Directory.EnumerateFileSystemEntries(volume));
    }

    [Fact]
    public void Emptying_follows_no_link()
    {
        string volume = Directory.CreateDirectory(Path.Combine(folder, "volume")).FullName;
        string precious = Directory.CreateDirectory(Path.Combine(folder, "precious")).FullName;
        File.WriteAllText(Path.Combine(precious, "file"), "x");
        Directory.CreateSymbolicLink(Path.Combine(volume, "link"), precious);
        HostPaths.Scrub(volume);
        Assert.Empty(Directory.EnumerateFileSystemEntries(volume));
        Assert.True(File.Exists(Path.Combine(precious, "file")));
    }

    [Fact]
    public void The_hosts_root_is_not_emptied() => Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => HostPaths.Scrub("/tmp/..")).Kind);

    [Fact]
    public void Emptying_what_is_not_there_says_so() => Assert.Equal(ErrorKind.NotFound, Assert.Throws<StrakeException>(() => HostPaths.Scrub(Path.Combine(folder, "no"))).Kind);

    [Theory]
    [InlineData("/srv/data")]
    [InlineData("/tmp")]
    [InlineData("/tmp/")]
    [InlineData("/tmp/../srv/data")]
    [InlineData("/var/tmp/data")]
    public void Deleting_is_for_what_lies_below_tmp(string path) =>
        Assert.Equal($"host_path deleter only supports /tmp/.+ but received provided {path}", Assert.Throws<StrakeException>(() => HostPaths.Delete(path)).Message);

    [Fact]
    public void Deleting_takes_the_directory_and_may_be_repeated()
    {
        using var under = new TemporaryTree();
        File.WriteAllText(Path.Combine(under.Path, "file"), "x");
        HostPaths.Delete(under.Path);
        HostPaths.Delete(under.Path);
        Assert.False(Directory.Exists(under.Path));
    }

    [Fact]
    public void Deleting_goes_through_no_link()
    {
        using var under = new TemporaryTree();
        string precious = Directory.CreateDirectory(Path.Combine(folder, "precious")).FullName;
        File.WriteAllText(Path.Combine(precious, "file"), "x");
        Directory.CreateSymbolicLink(Path.Combine(under.Path, "link"), folder);
        Assert.Throws<StrakeException>(() => HostPaths.Delete(Path.Combine(under.Path, "link", "precious")));
        Assert.True(File.Exists(Path.Combine(precious, "file")));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Wherever temporary folders are here: these are below /tmp.
    sealed class TemporaryTree : IDisposable
    {
        public string Path { get; } = Directory.CreateDirectory($"/tmp/strake-test-{Guid.NewGuid():n}").FullName;

        public void Dispose()
        {
            if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
        }
    }
}
