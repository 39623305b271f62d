using Strake.Conformance.FileSystems;
using Strake.Conformance.Layers;
using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

[Trait("Kernel", "stock")]
public sealed class ComposefsOnExt4WithVerityTests(Ext4WithVerity fileSystem)
    : StorageDriverSuite(fileSystem, dataRoot => new ComposefsDriver(dataRoot)), IClassFixture<Ext4WithVerity>
{
    [Fact]
    public void A_content_that_was_tampered_with_is_not_read()
    {
        Assert.Contains(new("fs-verity", "on"), Driver.Status);
        var layer = Layer(null, root =>
        {
            File.WriteAllText($"{root}/file", "content");
            File.WriteAllText($"{root}/other", "another");
        });
        var content = Directory.GetFiles($"{DataRoot}/composefs/objects", "*", SearchOption.AllDirectories).Single(path => File.ReadAllText(path) == "content");
        Assert.ThrowsAny<Exception>(() => File.WriteAllText(content, "CONTENT"));
        File.Delete(content);
        File.WriteAllText(content, "CONTENT");
        View(layer, root =>
        {
            Assert.Equal((int)Errno.EIO, Assert.ThrowsAny<IOException>(() => File.ReadAllText($"{root}/file")).HResult);
            Assert.Equal("another", File.ReadAllText($"{root}/other"));
        });
    }
}
