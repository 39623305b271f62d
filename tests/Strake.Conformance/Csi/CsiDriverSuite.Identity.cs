using Strake.Csi;
using Xunit;

namespace Strake.Conformance.Csi;

public abstract partial class CsiDriverSuite
{
    [Fact]
    public async Task The_name_is_one_that_the_specification_allows()
    {
        GetPluginInfoResponse info = await CallAsync(IdentityMethods.GetPluginInfo, new());
        Assert.All(info.Name, static letter => Assert.True(char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.'));
        Assert.True(char.IsAsciiLetterOrDigit(info.Name[0]) && char.IsAsciiLetterOrDigit(info.Name[^1]));
        Assert.InRange(info.Name.Length, 1, 63);
        Assert.NotEmpty(info.VendorVersion);
    }

    [Fact]
    public async Task The_driver_is_ready_and_says_what_it_can()
    {
        ProbeResponse probe = await CallAsync(IdentityMethods.Probe, new());
        Assert.NotEqual(false, probe.Ready);
        GetPluginCapabilitiesResponse capabilities = await CallAsync(IdentityMethods.GetPluginCapabilities, new());
        Assert.All(capabilities.Capabilities, static one => Assert.NotEqual(PluginCapability.TypeOneofCase.None, one.TypeCase));
        Assert.DoesNotContain(node, static one => one is NodeServiceCapability.Types.RPC.Types.Type.Unknown);
        Assert.DoesNotContain(controller, static one => one is ControllerServiceCapability.Types.RPC.Types.Type.Unknown);
    }

    [Fact]
    public async Task The_node_has_an_id_and_the_place_that_volumes_have()
    {
        NodeGetInfoResponse info = await CallAsync(NodeMethods.NodeGetInfo, new());
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(info.NodeId), 1, 256);
        Assert.True(info.MaxVolumesPerNode >= 0);
        Volume volume = await CreateAsync(Order(Name()));
        if (volume.AccessibleTopology.Count > 0)
            Assert.Contains(info.AccessibleTopology, volume.AccessibleTopology);
    }
}
