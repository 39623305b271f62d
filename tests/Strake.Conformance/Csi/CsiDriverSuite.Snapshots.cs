using Strake.Csi;
using Strake.Grpc;
using Xunit;
using Call = Strake.Csi.ControllerServiceCapability.Types.RPC.Types.Type;

namespace Strake.Conformance.Csi;

public abstract partial class CsiDriverSuite
{
    [Fact]
    public async Task A_snapshot_is_made_once_and_is_one_volumes_only()
    {
        Require(Call.CreateDeleteSnapshot);
        Volume volume = await CreateAsync(Order(Name()));
        Volume other = await CreateAsync(Order(Name()));
        string name = Name("snapshot");
        Snapshot first = await SnapshotAsync(name, volume.VolumeId);
        Assert.True(first.ReadyToUse);
        Assert.Equal(volume.VolumeId, first.SourceVolumeId);
        Assert.NotNull(first.CreationTime);
        for (int repeat = 0; repeat < Repeats; repeat++)
            Assert.Equal(first, (await CallAsync(ControllerMethods.CreateSnapshot, new() { Name = name, SourceVolumeId = volume.VolumeId })).Snapshot);
        await RefusedAsync(GrpcStatusCode.AlreadyExists, ControllerMethods.CreateSnapshot, new() { Name = name, SourceVolumeId = other.VolumeId });
    }

    [Fact]
    public async Task A_request_for_a_snapshot_that_is_none_is_refused()
    {
        Require(Call.CreateDeleteSnapshot);
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.CreateSnapshot, new() { Name = Name() });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.CreateSnapshot, new() { SourceVolumeId = "some-volume" });
        await RefusedAsync(GrpcStatusCode.NotFound, ControllerMethods.CreateSnapshot, new() { Name = Name(), SourceVolumeId = "none-such" });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.DeleteSnapshot, new());
        Volume volume = await CreateAsync(Order(Name()));
        Snapshot longest = await SnapshotAsync(Name("snapshot").PadRight(CsiFields.MaxStringBytes, 'x'), volume.VolumeId);
        Assert.InRange(longest.SnapshotId.Length, 1, CsiFields.MaxStringBytes);
    }

    [Fact]
    public async Task A_snapshot_is_removed_however_often()
    {
        Require(Call.CreateDeleteSnapshot);
        Volume volume = await CreateAsync(Order(Name()));
        Snapshot snapshot = await SnapshotAsync(Name("snapshot"), volume.VolumeId);
        for (int repeat = 0; repeat < Repeats; repeat++)
            await CallAsync(ControllerMethods.DeleteSnapshot, new DeleteSnapshotRequest { SnapshotId = snapshot.SnapshotId });
        await CallAsync(ControllerMethods.DeleteSnapshot, new DeleteSnapshotRequest { SnapshotId = "none/such" });
    }

    [Fact]
    public async Task A_volume_made_from_a_snapshot_has_what_the_volume_had_then()
    {
        Require(Call.CreateDeleteSnapshot);
        Volume volume = await WrittenAsync("then");
        Snapshot snapshot = await SnapshotAsync(Name("snapshot"), volume.VolumeId);
        string place = await PublishAsync(Publication(volume));
        await WriteAsync(place, "now");
        CreateVolumeRequest order = Order(Name("restored"), 2 * Size);
        order.VolumeContentSource = new() { Snapshot = new() { SnapshotId = snapshot.SnapshotId } };
        Volume restored = await CreateAsync(order);
        Assert.InRange(restored.CapacityBytes, 2 * Size, long.MaxValue);
        Assert.Equal(snapshot.SnapshotId, restored.ContentSource.Snapshot.SnapshotId);
        Assert.Equal("then", await ContentOfAsync(restored));
        order = Order(Name("restored"));
        order.VolumeContentSource = new() { Snapshot = new() { SnapshotId = "none-such" } };
        await RefusedAsync(GrpcStatusCode.NotFound, ControllerMethods.CreateVolume, order);
    }

    [Fact]
    public async Task A_volume_that_is_written_to_is_copied_as_it_is_at_one_moment_or_not_at_all()
    {
        Require(Call.CreateDeleteSnapshot);
        Volume volume = await CreateAsync(Order(Name()));
        string place = await PublishAsync(Publication(volume));
        await WriteAsync(place, "while it is used");
        var request = new CreateSnapshotRequest { Name = Name("snapshot"), SourceVolumeId = volume.VolumeId };
        if (!CopiesPublished)
        {
            await RefusedAsync(GrpcStatusCode.FailedPrecondition, ControllerMethods.CreateSnapshot, request);
            return;
        }

        Snapshot snapshot = await SnapshotAsync(request.Name, volume.VolumeId);
        CreateVolumeRequest order = Order(Name("restored"));
        order.VolumeContentSource = new() { Snapshot = new() { SnapshotId = snapshot.SnapshotId } };
        Assert.Equal("while it is used", await ContentOfAsync(await CreateAsync(order)));
    }

    [Fact]
    public async Task Snapshots_are_listed_whole_by_pieces_by_volume_and_by_id()
    {
        Require(Call.ListSnapshots);
        Volume volume = await CreateAsync(Order(Name()));
        Volume other = await CreateAsync(Order(Name()));
        Snapshot[] made = [await SnapshotAsync(Name("one"), volume.VolumeId), await SnapshotAsync(Name("two"), volume.VolumeId), await SnapshotAsync(Name("three"), other.VolumeId)];
        Assert.Superset(made.Select(static snapshot => snapshot.SnapshotId).ToHashSet(), (await ListAsync(new())).ToHashSet());
        Assert.Equal(2, (await ListAsync(new() { SourceVolumeId = volume.VolumeId })).Count);
        Assert.Equal([made[2].SnapshotId], await ListAsync(new() { SnapshotId = made[2].SnapshotId }));
        Assert.Empty(await ListAsync(new() { SnapshotId = "none-such" }));
        Assert.Empty(await ListAsync(new() { SourceVolumeId = "none-such" }));
        Assert.Equal(2, (await ListAsync(new() { SourceVolumeId = volume.VolumeId, MaxEntries = 1 })).Distinct().Count());
        await RefusedAsync(GrpcStatusCode.Aborted, ControllerMethods.ListSnapshots, new() { StartingToken = "a token that nobody gave" });
    }

    [Fact]
    public async Task One_snapshot_is_told_of()
    {
        Require(Call.GetSnapshot);
        Volume volume = await CreateAsync(Order(Name()));
        Snapshot snapshot = await SnapshotAsync(Name("snapshot"), volume.VolumeId);
        Assert.Equal(snapshot, (await CallAsync(ControllerMethods.GetSnapshot, new() { SnapshotId = snapshot.SnapshotId })).Snapshot);
        await RefusedAsync(GrpcStatusCode.NotFound, ControllerMethods.GetSnapshot, new() { SnapshotId = "none-such" });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.GetSnapshot, new());
    }

    [Fact]
    public async Task Snapshots_of_a_group_are_made_told_of_and_removed_together()
    {
        GetPluginCapabilitiesResponse capabilities = await CallAsync(IdentityMethods.GetPluginCapabilities, new());
        Assert.SkipUnless(
            capabilities.Capabilities.Any(static one => one.Service?.Type is PluginCapability.Types.Service.Types.Type.GroupControllerService),
            "the driver does not announce GROUP_CONTROLLER_SERVICE");
        Volume[] volumes = [await WrittenAsync("one"), await WrittenAsync("two")];
        var request = new CreateVolumeGroupSnapshotRequest { Name = Name("group"), SourceVolumeIds = { volumes.Select(static volume => volume.VolumeId) } };
        VolumeGroupSnapshot group = (await CallAsync(GroupControllerMethods.CreateVolumeGroupSnapshot, request)).GroupSnapshot;
        var removal = new DeleteVolumeGroupSnapshotRequest { GroupSnapshotId = group.GroupSnapshotId, SnapshotIds = { group.Snapshots.Select(static one => one.SnapshotId) } };
        leftovers.Push(() => CallAsync(GroupControllerMethods.DeleteVolumeGroupSnapshot, removal));
        Assert.True(group.ReadyToUse);
        Assert.Equal(2, group.Snapshots.Count);
        Assert.All(group.Snapshots, snapshot => Assert.Equal(group.GroupSnapshotId, snapshot.GroupSnapshotId));
        Assert.Equal(group, (await CallAsync(GroupControllerMethods.CreateVolumeGroupSnapshot, request)).GroupSnapshot);
        Assert.Equal(group, (await CallAsync(GroupControllerMethods.GetVolumeGroupSnapshot, new() { GroupSnapshotId = group.GroupSnapshotId, SnapshotIds = { removal.SnapshotIds } })).GroupSnapshot);

        CreateVolumeRequest order = Order(Name("restored"));
        order.VolumeContentSource = new() { Snapshot = new() { SnapshotId = group.Snapshots.Single(one => one.SourceVolumeId == volumes[1].VolumeId).SnapshotId } };
        Assert.Equal("two", await ContentOfAsync(await CreateAsync(order)));

        await RefusedAsync(
            GrpcStatusCode.AlreadyExists, GroupControllerMethods.CreateVolumeGroupSnapshot, new() { Name = request.Name, SourceVolumeIds = { volumes[0].VolumeId } });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, GroupControllerMethods.CreateVolumeGroupSnapshot, new() { Name = Name("group") });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, GroupControllerMethods.CreateVolumeGroupSnapshot, new() { SourceVolumeIds = { volumes[0].VolumeId } });
        await RefusedAsync(GrpcStatusCode.NotFound, GroupControllerMethods.CreateVolumeGroupSnapshot, new() { Name = Name("group"), SourceVolumeIds = { "none-such" } });
        await RefusedAsync(GrpcStatusCode.NotFound, GroupControllerMethods.GetVolumeGroupSnapshot, new() { GroupSnapshotId = "none-such" });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, GroupControllerMethods.GetVolumeGroupSnapshot, new());
        for (int repeat = 0; repeat < Repeats; repeat++)
            await CallAsync(GroupControllerMethods.DeleteVolumeGroupSnapshot, removal);
        await RefusedAsync(GrpcStatusCode.NotFound, GroupControllerMethods.GetVolumeGroupSnapshot, new() { GroupSnapshotId = group.GroupSnapshotId });
    }

    async Task<List<string>> ListAsync(ListSnapshotsRequest request)
    {
        List<string> ids = [];
        do
        {
            ListSnapshotsResponse piece = await CallAsync(ControllerMethods.ListSnapshots, request);
            ids.AddRange(piece.Entries.Select(static entry => entry.Snapshot.SnapshotId));
            request.StartingToken = piece.NextToken;
        }
        while (request.StartingToken.Length > 0);
        return ids;
    }
}
