using System.Text;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Pods.Volumes;

namespace Strake.Kubernetes.Tests.Pods;

public sealed class PodVolumeFilesTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("strake-pods-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Files_change_all_at_once_by_one_link()
    {
        Assert.True(Write(("a", "1"), ("dir/b", "2")));
        string first = Link("..data");
        Assert.Equal("1", File.ReadAllText(Path.Combine(folder, "a")));
        Assert.Equal("2", File.ReadAllText(Path.Combine(folder, "dir/b")));

        Assert.True(Write(("a", "3"), ("c", "4")));
        Assert.NotEqual(first, Link("..data"));
        Assert.Equal("3", File.ReadAllText(Path.Combine(folder, "a")));
        Assert.Equal([Link("..data"), "..data", "a", "c"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Files_that_are_as_they_should_be_are_left_alone()
    {
        Write(("a", "1"));
        string first = Link("..data");
        Assert.False(Write(("a", "1")));
        Assert.Equal(first, Link("..data"));
    }

    [Theory]
    [InlineData("Directory", "missing", "is not a directory")]
    [InlineData("Directory", "file", "is not a directory")]
    [InlineData("File", "missing", "is not a file")]
    [InlineData("File", "directory", "is not a file")]
    [InlineData("FileOrCreate", "directory", "is not a file")]
    [InlineData("DirectoryOrCreate", "file", "is not a directory")]
    [InlineData("Socket", "file", "is not a socket file")]
    [InlineData("CharDevice", "file", "is not a character device")]
    [InlineData("BlockDevice", "missing", "is not a block device")]
    public void A_path_that_is_not_what_its_type_says_is_refused_in_Kubernetes_words(string type, string name, string expected)
    {
        string path = Make(name);
        Assert.Equal($"hostPath type check failed: {path} {expected}", Assert.Throws<StrakeException>(() => HostPaths.Check(path, type)).Message);
    }

    [Theory]
    [InlineData("DirectoryOrCreate", true)]
    [InlineData("", true)]
    [InlineData("FileOrCreate", false)]
    public void What_is_missing_is_made_where_the_type_says_so(string type, bool isDirectory)
    {
        string path = Make("missing");
        HostPaths.Check(path, type);
        Assert.Equal(isDirectory, Directory.Exists(path));
        Assert.Equal(!isDirectory, File.Exists(path));
    }

    [Fact]
    public void A_character_device_is_one()
    {
        HostPaths.Check("/dev/null", "CharDevice");
    }

    [Fact]
    public void A_place_inside_a_volume_is_made_and_one_that_leads_out_is_not()
    {
        string volume = Directory.CreateDirectory(Path.Combine(folder, "volume")).FullName, outside = Path.Combine(folder, "outside");
        SubPaths.Ensure(volume, "a/b", "v", "c", readOnly: false);
        Assert.True(Directory.Exists(Path.Combine(volume, "a/b")));

        File.CreateSymbolicLink(Path.Combine(volume, "link"), outside);
        var fault = Assert.Throws<ContainerFault>(() => SubPaths.Ensure(volume, "link/x", "v", "c", readOnly: false));
        Assert.Equal("failed to prepare subPath for volumeMount \"v\" of container \"c\"", fault.Message);
        Assert.False(Directory.Exists(outside));
    }

    bool Write(params (string Path, string Text)[] files) => AtomicFiles.Write(
        folder, files.ToDictionary(static file => file.Path, static file => new FilePayload(Encoding.UTF8.GetBytes(file.Text), UnixFileMode.UserRead), StringComparer.Ordinal), Given.Noon, group: null);

    string Link(string name) => new FileInfo(Path.Combine(folder, name)).LinkTarget!;

    string Make(string name)
    {
        string path = Path.Combine(folder, name);
        if (name is "file") File.WriteAllText(path, "");
        if (name is "directory") Directory.CreateDirectory(path);
        return path;
    }
}
