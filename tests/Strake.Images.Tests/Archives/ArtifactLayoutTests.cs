using System.Text;
using Strake.Linux;

namespace Strake.Images.Tests.Archives;

public sealed class ArtifactLayoutTests : IDisposable
{
    const string Type = "application/vnd.example.v1+json";

    readonly string _folder = Directory.CreateTempSubdirectory("strake-test-layout-").FullName;

    string Layout => Path.Combine(_folder, "sub", "layout");

    string Blobs => Path.Combine(Layout, "blobs", "sha256");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_added_is_found_by_its_tag_and_the_last_without_one()
    {
        await AddAsync("mon", "one");
        await AddAsync("tue", "two");
        var layout = ArtifactLayout.Open(Layout);
        Assert.Equal("one", Read(layout, layout.Find("mon")));
        Assert.Equal("two", Read(layout, layout.Newest()));
        await AddAsync("mon", "three");
        Assert.Equal("three", Read(layout, ArtifactLayout.Open(Layout).Find("mon")));
        var unknown = Assert.Throws<StrakeException>(() => layout.Find("wed"));
        Assert.Equal(ErrorKind.NotFound, unknown.Kind);
        Assert.Contains("its tags are mon, tue", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_files_have_their_users_modes_and_no_others_lie_there()
    {
        await AddAsync("mon", "one");
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));
        var (file, folder) = (File.GetUnixFileMode(Path.Combine(_folder, "file")), File.GetUnixFileMode(Path.Combine(_folder, "folder")));
        Assert.All(Directory.GetFiles(Layout, "*", SearchOption.AllDirectories), path => Assert.Equal(file, File.GetUnixFileMode(path)));
        Assert.All(Directory.GetDirectories(Layout, "*", SearchOption.AllDirectories), path => Assert.Equal(folder, File.GetUnixFileMode(path)));
        Assert.Equal(["blobs", "index.json", "oci-layout"], Directory.GetFileSystemEntries(Layout).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(Blobs), path => Assert.Equal(Path.GetFileName(path), Digest.Of(File.ReadAllBytes(path)).Hex));
    }

    [Fact]
    public async Task A_layer_that_breaks_off_leaves_nothing()
    {
        var layout = ArtifactLayout.OpenOrMake(Layout);
        await Assert.ThrowsAsync<InvalidOperationException>(() => layout.AddLayerAsync(static async blob =>
        {
            await blob.WriteAsync(new byte[100], TestContext.Current.CancellationToken);
            throw new InvalidOperationException();
        }));
        Assert.Empty(Directory.GetFileSystemEntries(Blobs));
    }

    [Fact]
    public async Task What_a_killed_export_left_goes_with_the_next_one_and_not_with_a_reader()
    {
        await AddAsync("mon", "one");
        string[] left = [Path.Combine(Layout, DurableFile.NewTemporaryName()), Path.Combine(Blobs, DurableFile.NewTemporaryName())];
        foreach (var path in left) File.WriteAllText(path, "half");
        ArtifactLayout.Open(Layout);
        Assert.All(left, static path => Assert.True(File.Exists(path)));
        ArtifactLayout.OpenOrMake(Layout);
        Assert.All(left, static path => Assert.False(File.Exists(path)));
    }

    [Fact]
    public void What_is_no_layout_is_left_alone()
    {
        Directory.CreateDirectory(Layout);
        File.WriteAllText(Path.Combine(Layout, "file"), "somebody's");
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => ArtifactLayout.OpenOrMake(Layout)).Kind);
        Assert.Single(Directory.GetFileSystemEntries(Layout));
    }

    async Task AddAsync(string tag, string content)
    {
        var layout = ArtifactLayout.OpenOrMake(Layout);
        var layer = await layout.AddLayerAsync(blob => blob.WriteAsync(Encoding.UTF8.GetBytes(content)).AsTask());
        Assert.Equal((Digest.Of(Encoding.UTF8.GetBytes(content)), content.Length), (layer.Digest, layer.SizeBytes));
        layout.Add(tag, Type, [layer]);
    }

    static string Read(ArtifactLayout layout, ImageManifest artifact) => File.ReadAllText(layout.BlobPath(Assert.Single(artifact.Layers).Digest));
}
