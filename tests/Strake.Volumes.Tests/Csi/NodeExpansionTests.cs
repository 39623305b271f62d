using Strake.Csi;
using Strake.Grpc;

namespace Strake.Volumes.Tests.Csi;

/// <summary>A node of a cluster: its volumes grow by its own call.</summary>
public sealed class NodeExpansionTests(Ext4 disk) : IClassFixture<Ext4>
{
    [Fact]
    public async Task A_volume_grows_by_the_nodes_call_where_the_controller_has_none()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var driver = new ServedDriver(disk.NewFolder()) { ExpandsOnNode = true };
        await driver.StartAsync();
        using GrpcChannel channel = GrpcChannel.To(driver.Address, new GrpcChannelOptions());
        ControllerGetCapabilitiesResponse capabilities = await channel.CallAsync(ControllerMethods.ControllerGetCapabilities, new(), GrpcCallOptions.None, token);
        Assert.DoesNotContain(capabilities.Capabilities, static one => one.Rpc.Type is ControllerServiceCapability.Types.RPC.Types.Type.ExpandVolume);
        var capability = new VolumeCapability { Mount = new(), AccessMode = new() { Mode = VolumeCapability.Types.AccessMode.Types.Mode.SingleNodeWriter } };
        await channel.CallAsync(
            ControllerMethods.CreateVolume,
            new() { Name = "data", CapacityRange = new() { RequiredBytes = 8 << 20 }, VolumeCapabilities = { capability }, Parameters = { ["backend"] = "image" } }, GrpcCallOptions.None, token);
        string place = Path.Combine(driver.Places, "place");
        await channel.CallAsync(NodeMethods.NodePublishVolume, new() { VolumeId = "data", TargetPath = place, VolumeCapability = capability }, GrpcCallOptions.None, token);
        NodeExpandVolumeResponse grown = await channel.CallAsync(
            NodeMethods.NodeExpandVolume, new() { VolumeId = "data", VolumePath = place, CapacityRange = new() { RequiredBytes = 16 << 20 } }, GrpcCallOptions.None, token);
        Assert.Equal(16 << 20, grown.CapacityBytes);
        File.WriteAllBytes(Path.Combine(place, "file"), new byte[12 << 20]);
        await channel.CallAsync(NodeMethods.NodeUnpublishVolume, new() { VolumeId = "data", TargetPath = place }, GrpcCallOptions.None, token);
        await channel.CallAsync(ControllerMethods.DeleteVolume, new() { VolumeId = "data" }, GrpcCallOptions.None, token);
    }
}
