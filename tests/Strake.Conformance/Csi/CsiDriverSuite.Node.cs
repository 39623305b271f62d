using Strake.Csi;
using Strake.Grpc;
using Xunit;
using Call = Strake.Csi.NodeServiceCapability.Types.RPC.Types.Type;
using Mode = Strake.Csi.VolumeCapability.Types.AccessMode.Types.Mode;

namespace Strake.Conformance.Csi;

public abstract partial class CsiDriverSuite
{
    [Fact]
    public async Task A_published_volume_keeps_what_is_written_and_its_place_goes_when_it_is_taken_away()
    {
        Volume volume = await CreateAsync(Order(Name()));
        NodePublishVolumeRequest publication = Publication(volume);
        string place = await PublishAsync(publication);
        for (int repeat = 0; repeat < Repeats; repeat++)
            await CallAsync(NodeMethods.NodePublishVolume, publication);
        Assert.Equal("", await ReadAsync(place));
        await WriteAsync(place, "kept");
        for (int repeat = 0; repeat < Repeats; repeat++)
            await UnpublishAsync(volume.VolumeId, place);
        Assert.False(Path.Exists(place));
        Assert.Equal("kept", await ContentOfAsync(volume));
    }

    [Fact]
    public async Task A_place_has_a_volume_in_one_way_only()
    {
        Volume volume = await CreateAsync(Order(Name()));
        string place = await PublishAsync(Publication(volume));
        await RefusedAsync(GrpcStatusCode.AlreadyExists, NodeMethods.NodePublishVolume, Publication(volume, place, Mode.SingleNodeSingleWriter));
        await RefusedAsync(GrpcStatusCode.FailedPrecondition, NodeMethods.NodePublishVolume, Publication(volume, mode: Mode.SingleNodeSingleWriter));
    }

    [Fact]
    public async Task Whoever_may_share_a_volume_on_a_node_does()
    {
        Require(Call.SingleNodeMultiWriter);
        Volume volume = await CreateAsync(Order(Name()));
        string one = await PublishAsync(Publication(volume, mode: Mode.SingleNodeMultiWriter));
        string other = await PublishAsync(Publication(volume, mode: Mode.SingleNodeMultiWriter));
        await WriteAsync(one, "shared");
        Assert.Equal("shared", await ReadAsync(other));
        await UnpublishAsync(volume.VolumeId, one);
        Assert.Equal("shared", await ReadAsync(other));
    }

    [Fact]
    public async Task Who_may_only_read_does_not_write()
    {
        Volume volume = await WrittenAsync("read me");
        NodePublishVolumeRequest publication = Publication(volume, isReadOnly: true);
        if (IsBlock)
        {
            await RefusedAsync(GrpcStatusCode.FailedPrecondition, NodeMethods.NodePublishVolume, publication);
            return;
        }

        string place = await PublishAsync(publication);
        Assert.Equal("read me", await ReadAsync(place));
        await Assert.ThrowsAnyAsync<IOException>(() => WriteAsync(place, "no"));
    }

    [Fact]
    public async Task A_publication_that_is_none_is_refused()
    {
        Volume volume = await CreateAsync(Order(Name()));
        NodePublishVolumeRequest good = Publication(volume);
        foreach (Action<NodePublishVolumeRequest> spoil in (Action<NodePublishVolumeRequest>[])
        [
            static request => request.VolumeId = "",
            static request => request.TargetPath = "",
            static request => request.TargetPath = "not/absolute",
            static request => request.VolumeCapability = null,
            static request => request.VolumeCapability.AccessMode = null,
            static request => request.VolumeId = new string('x', CsiFields.MaxStringBytes + 1),
        ])
        {
            NodePublishVolumeRequest spoilt = good.Clone();
            spoil(spoilt);
            await RefusedAsync(GrpcStatusCode.InvalidArgument, NodeMethods.NodePublishVolume, spoilt);
        }

        NodePublishVolumeRequest unknown = good.Clone();
        unknown.VolumeId = "none-such";
        await RefusedAsync(GrpcStatusCode.NotFound, NodeMethods.NodePublishVolume, unknown);
        await RefusedAsync(GrpcStatusCode.InvalidArgument, NodeMethods.NodeUnpublishVolume, new() { VolumeId = volume.VolumeId });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, NodeMethods.NodeUnpublishVolume, new() { TargetPath = Place() });
        Assert.Empty(Directory.EnumerateFileSystemEntries(Places));
    }

    [Fact]
    public async Task A_volume_that_somebody_has_is_not_removed()
    {
        Volume volume = await CreateAsync(Order(Name()));
        string place = await PublishAsync(Publication(volume));
        await WriteAsync(place, "still there");
        await RefusedAsync(GrpcStatusCode.FailedPrecondition, ControllerMethods.DeleteVolume, new() { VolumeId = volume.VolumeId });
        Assert.Equal("still there", await ReadAsync(place));
    }

    [Fact]
    public async Task A_published_volume_tells_how_full_it_is()
    {
        Require(Call.GetVolumeStats);
        Volume volume = await CreateAsync(Order(Name()));
        string place = await PublishAsync(Publication(volume));
        NodeGetVolumeStatsResponse stats = await CallAsync(NodeMethods.NodeGetVolumeStats, new() { VolumeId = volume.VolumeId, VolumePath = place });
        VolumeUsage bytes = Assert.Single(stats.Usage, static usage => usage.Unit is VolumeUsage.Types.Unit.Bytes);
        if (KeepsSizes) Assert.InRange(bytes.Total, Size, 2 * Size);
        Assert.All(stats.Usage, static usage => Assert.True(usage is { Available: >= 0, Used: >= 0, Total: > 0 }));
        await RefusedAsync(GrpcStatusCode.InvalidArgument, NodeMethods.NodeGetVolumeStats, new() { VolumeId = volume.VolumeId });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, NodeMethods.NodeGetVolumeStats, new() { VolumePath = place });
        // What is missing is told before what is not known; a path that is none is one at which the volume is not.
        await RefusedAsync(GrpcStatusCode.InvalidArgument, NodeMethods.NodeGetVolumeStats, new() { VolumeId = "none-such" });
        await RefusedAsync(GrpcStatusCode.NotFound, NodeMethods.NodeGetVolumeStats, new() { VolumeId = "none-such", VolumePath = "not/absolute" });
        await RefusedAsync(GrpcStatusCode.NotFound, NodeMethods.NodeGetVolumeStats, new() { VolumeId = volume.VolumeId, VolumePath = "not/absolute" });
        await RefusedAsync(GrpcStatusCode.NotFound, NodeMethods.NodeGetVolumeStats, new() { VolumeId = "none-such", VolumePath = place });
        await RefusedAsync(GrpcStatusCode.NotFound, NodeMethods.NodeGetVolumeStats, new() { VolumeId = volume.VolumeId, VolumePath = Place() });
    }

    [Fact]
    public async Task A_volume_grows_while_somebody_has_it()
    {
        Require(ControllerServiceCapability.Types.RPC.Types.Type.ExpandVolume);
        Volume volume = await CreateAsync(Order(Name()));
        string place = await PublishAsync(Publication(volume));
        await WriteAsync(place, "small");
        if (KeepsSizes) await Assert.ThrowsAnyAsync<IOException>(() => FillAsync(place, Size + (Size / 4)));
        ControllerExpandVolumeResponse grown = await CallAsync(
            ControllerMethods.ControllerExpandVolume, new() { VolumeId = volume.VolumeId, CapacityRange = new() { RequiredBytes = 2 * Size }, VolumeCapability = Capability() });
        if (grown.NodeExpansionRequired)
            await CallAsync(NodeMethods.NodeExpandVolume, new() { VolumeId = volume.VolumeId, VolumePath = place, CapacityRange = new() { RequiredBytes = 2 * Size } });
        await FillAsync(place, Size + (Size / 4));
        if (!IsBlock) Assert.Equal("small", await ReadAsync(place));
    }

    [Fact]
    public async Task A_nodes_expansion_that_is_none_is_refused()
    {
        Require(Call.ExpandVolume);
        Volume volume = await CreateAsync(Order(Name()));
        string place = await PublishAsync(Publication(volume));
        NodeExpandVolumeResponse same = await CallAsync(NodeMethods.NodeExpandVolume, new() { VolumeId = volume.VolumeId, VolumePath = place });
        Assert.True(same.CapacityBytes == 0 || same.CapacityBytes >= Size);
        await RefusedAsync(GrpcStatusCode.InvalidArgument, NodeMethods.NodeExpandVolume, new() { VolumeId = volume.VolumeId });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, NodeMethods.NodeExpandVolume, new() { VolumePath = place });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, NodeMethods.NodeExpandVolume, new() { VolumeId = "none-such" });
        await RefusedAsync(GrpcStatusCode.NotFound, NodeMethods.NodeExpandVolume, new() { VolumeId = "none-such", VolumePath = place });
        await RefusedAsync(GrpcStatusCode.NotFound, NodeMethods.NodeExpandVolume, new() { VolumeId = volume.VolumeId, VolumePath = "not/absolute" });
    }

    [Fact]
    public async Task Staging_is_refused_where_it_is_not_announced()
    {
        Assert.SkipWhen(node.Contains(Call.StageUnstageVolume), "the driver announces STAGE_UNSTAGE_VOLUME");
        await RefusedAsync(GrpcStatusCode.Unimplemented, NodeMethods.NodeStageVolume, new());
        await RefusedAsync(GrpcStatusCode.Unimplemented, NodeMethods.NodeUnstageVolume, new());
    }

    // Bytes that no file system makes smaller.
    async Task FillAsync(string place, long bytes)
    {
        byte[] piece = new byte[1 << 20];
        new Random(1).NextBytes(piece);
        string path = IsBlock ? place : Path.Combine(place, "filling");
        try
        {
            await using var file = new FileStream(path, IsBlock ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            for (long written = 0; written < bytes; written += piece.Length)
                await file.WriteAsync(piece, Token);
            file.Flush();
            Linux.Syscall.FSync(file.SafeFileHandle);
        }
        finally
        {
            if (!IsBlock) File.Delete(path);
        }
    }
}
