using System.Security.Cryptography;
using Strake.Conformance.FileSystems;

namespace Strake.Layers.Tests.Store;

public sealed class ComposefsLayerStoreTests(Ext4 fileSystem)
    : LayerStoreTests(dataRoot => new ComposefsDriver(dataRoot), fileSystem), IClassFixture<Ext4>
{
    protected override string ContentOf(string file)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        var home = file[..file.IndexOf("/composefs/", StringComparison.Ordinal)];
        return $"{home}/composefs/objects/{hash[..2]}/{hash[2..]}";
    }
}
