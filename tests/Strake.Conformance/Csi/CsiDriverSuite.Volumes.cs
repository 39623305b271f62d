using Strake.Csi;
using Strake.Grpc;
using Xunit;
using Call = Strake.Csi.ControllerServiceCapability.Types.RPC.Types.Type;
using Mode = Strake.Csi.VolumeCapability.Types.AccessMode.Types.Mode;

namespace Strake.Conformance.Csi;

public abstract partial class CsiDriverSuite
{
    [Fact]
    public async Task A_volume_is_made_once_however_often_it_is_asked_for()
    {
        CreateVolumeRequest order = Order(Name());
        Volume first = await CreateAsync(order);
        Assert.InRange(first.CapacityBytes, Size, long.MaxValue);
        for (int repeat = 0; repeat < Repeats; repeat++)
            Assert.Equal(first, (await CallAsync(ControllerMethods.CreateVolume, order)).Volume);
        Volume[] atOnce = await Task.WhenAll(Enumerable.Range(0, Repeats).Select(async _ => (await CallAsync(ControllerMethods.CreateVolume, order)).Volume));
        Assert.All(atOnce, volume => Assert.Equal(first, volume));
    }

    [Fact]
    public async Task A_volume_is_removed_however_often_and_whether_it_was_there_or_not()
    {
        Volume volume = await CreateAsync(Order(Name()));
        for (int repeat = 0; repeat < Repeats; repeat++)
            await CallAsync(ControllerMethods.DeleteVolume, new DeleteVolumeRequest { VolumeId = volume.VolumeId });
        await CallAsync(ControllerMethods.DeleteVolume, new DeleteVolumeRequest { VolumeId = "no volume's id/../.." });
        await RefusedAsync(GrpcStatusCode.NotFound, ControllerMethods.ValidateVolumeCapabilities, new() { VolumeId = volume.VolumeId, VolumeCapabilities = { Capability() } });
    }

    [Fact]
    public async Task A_name_is_one_volumes_only()
    {
        CreateVolumeRequest order = Order(Name());
        await CreateAsync(order);
        CreateVolumeRequest larger = order.Clone();
        larger.CapacityRange.RequiredBytes = 2 * Size;
        await RefusedAsync(GrpcStatusCode.AlreadyExists, ControllerMethods.CreateVolume, larger);
        CreateVolumeRequest smaller = order.Clone();
        smaller.CapacityRange = new() { LimitBytes = Size / 2 };
        await RefusedAsync(GrpcStatusCode.AlreadyExists, ControllerMethods.CreateVolume, smaller);
    }

    [Fact]
    public async Task A_name_may_have_as_many_bytes_as_the_specification_allows_and_any_letters()
    {
        string name = Name();
        Volume longest = await CreateAsync(Order(name.PadRight(CsiFields.MaxStringBytes, 'x')));
        Volume strange = await CreateAsync(Order($"../{name}/ä b\u00e9*?"));
        Assert.NotEqual(longest.VolumeId, strange.VolumeId);
        Assert.All([longest, strange], static volume => Assert.InRange(volume.VolumeId.Length, 1, CsiFields.MaxStringBytes));
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.CreateVolume, Order(name.PadRight(CsiFields.MaxStringBytes + 1, 'x')));
    }

    [Fact]
    public async Task An_order_that_is_none_is_refused()
    {
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.CreateVolume, Order(""));
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.CreateVolume, new CreateVolumeRequest { Name = Name() });
        CreateVolumeRequest typeless = Order(Name());
        typeless.VolumeCapabilities[0] = new VolumeCapability { AccessMode = new() { Mode = Mode.SingleNodeWriter } };
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.CreateVolume, typeless);
        CreateVolumeRequest modeless = Order(Name());
        modeless.VolumeCapabilities[0].AccessMode = null;
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.CreateVolume, modeless);
        CreateVolumeRequest negative = Order(Name(), -1);
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.CreateVolume, negative);
        CreateVolumeRequest impossible = Order(Name());
        impossible.CapacityRange.LimitBytes = Size - 1;
        await RefusedAsync(GrpcStatusCode.OutOfRange, ControllerMethods.CreateVolume, impossible);
        CreateVolumeRequest large = Order(Name());
        large.Parameters["x"] = new string('x', CsiFields.MaxMapBytes);
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.CreateVolume, large);
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.DeleteVolume, new DeleteVolumeRequest());
    }

    [Fact]
    public async Task A_volume_tells_how_it_can_be_used()
    {
        Volume volume = await CreateAsync(Order(Name()));
        ValidateVolumeCapabilitiesResponse fits = await CallAsync(
            ControllerMethods.ValidateVolumeCapabilities, new() { VolumeId = volume.VolumeId, VolumeCapabilities = { Capability() }, VolumeContext = { volume.VolumeContext } });
        Assert.Equal(Capability(), Assert.Single(fits.Confirmed.VolumeCapabilities));
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.ValidateVolumeCapabilities, new() { VolumeId = volume.VolumeId });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.ValidateVolumeCapabilities, new() { VolumeCapabilities = { Capability() } });
        await RefusedAsync(GrpcStatusCode.NotFound, ControllerMethods.ValidateVolumeCapabilities, new() { VolumeId = "none-such", VolumeCapabilities = { Capability() } });
    }

    [Fact]
    public async Task The_list_of_volumes_comes_whole_and_by_pieces()
    {
        Require(Call.ListVolumes);
        var made = new HashSet<string>();
        for (int count = 0; count < 5; count++)
            made.Add((await CreateAsync(Order(Name()))).VolumeId);
        ListVolumesResponse whole = await CallAsync(ControllerMethods.ListVolumes, new());
        Assert.Superset(made, whole.Entries.Select(static entry => entry.Volume.VolumeId).ToHashSet());
        Assert.Empty(whole.NextToken);

        List<string> pieces = [];
        string token = "";
        do
        {
            ListVolumesResponse piece = await CallAsync(ControllerMethods.ListVolumes, new() { MaxEntries = 2, StartingToken = token });
            Assert.InRange(piece.Entries.Count, 1, 2);
            pieces.AddRange(piece.Entries.Select(static entry => entry.Volume.VolumeId));
            token = piece.NextToken;
        }
        while (token.Length > 0);
        Assert.Equal(pieces.Count, pieces.Distinct().Count());
        Assert.Superset(made, pieces.ToHashSet());
    }

    [Fact]
    public async Task A_list_goes_on_where_it_was_though_the_volume_there_was_removed()
    {
        Require(Call.ListVolumes);
        for (int count = 0; count < 4; count++)
            await CreateAsync(Order(Name()));
        ListVolumesResponse first = await CallAsync(ControllerMethods.ListVolumes, new() { MaxEntries = 1 });
        ListVolumesResponse second = await CallAsync(ControllerMethods.ListVolumes, new() { MaxEntries = 1, StartingToken = first.NextToken });
        await CallAsync(ControllerMethods.DeleteVolume, new DeleteVolumeRequest { VolumeId = second.Entries[0].Volume.VolumeId });
        ListVolumesResponse again = await CallAsync(ControllerMethods.ListVolumes, new() { MaxEntries = 1, StartingToken = first.NextToken });
        Assert.NotEqual(second.Entries[0].Volume.VolumeId, again.Entries[0].Volume.VolumeId);
        await RefusedAsync(GrpcStatusCode.Aborted, ControllerMethods.ListVolumes, new() { StartingToken = "a token that nobody gave" });
    }

    [Fact]
    public async Task Room_is_told_of()
    {
        Require(Call.GetCapacity);
        GetCapacityResponse room = await CallAsync(ControllerMethods.GetCapacity, new() { VolumeCapabilities = { Capability() }, Parameters = { Parameters.ToDictionary() } });
        Assert.InRange(room.AvailableCapacity, 1, long.MaxValue);
    }

    [Fact]
    public async Task One_volume_is_told_of()
    {
        Require(Call.GetVolume);
        Volume volume = await CreateAsync(Order(Name()));
        ControllerGetVolumeResponse found = await CallAsync(ControllerMethods.ControllerGetVolume, new() { VolumeId = volume.VolumeId });
        Assert.Equal(volume, found.Volume);
        Assert.False(found.Status?.VolumeCondition?.Abnormal ?? false);
        await RefusedAsync(GrpcStatusCode.NotFound, ControllerMethods.ControllerGetVolume, new() { VolumeId = "none-such" });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.ControllerGetVolume, new());
    }

    [Fact]
    public async Task A_volume_grows_however_often_it_is_asked_to_and_never_shrinks()
    {
        Require(Call.ExpandVolume);
        Volume volume = await CreateAsync(Order(Name()));
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            ControllerExpandVolumeResponse grown = await CallAsync(
                ControllerMethods.ControllerExpandVolume, new() { VolumeId = volume.VolumeId, CapacityRange = new() { RequiredBytes = 2 * Size } });
            Assert.InRange(grown.CapacityBytes, 2 * Size, long.MaxValue);
        }

        ControllerExpandVolumeResponse kept = await CallAsync(
            ControllerMethods.ControllerExpandVolume, new() { VolumeId = volume.VolumeId, CapacityRange = new() { RequiredBytes = Size } });
        Assert.InRange(kept.CapacityBytes, 2 * Size, long.MaxValue);
        await RefusedAsync(GrpcStatusCode.OutOfRange, ControllerMethods.ControllerExpandVolume, new() { VolumeId = volume.VolumeId, CapacityRange = new() { RequiredBytes = 2, LimitBytes = 1 } });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.ControllerExpandVolume, new() { VolumeId = volume.VolumeId });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.ControllerExpandVolume, new() { CapacityRange = new() { RequiredBytes = 1 } });
        await RefusedAsync(GrpcStatusCode.NotFound, ControllerMethods.ControllerExpandVolume, new() { VolumeId = "none-such", CapacityRange = new() { RequiredBytes = Size } });
    }

    [Fact]
    public async Task What_can_be_changed_of_a_volume_is_and_the_rest_is_refused()
    {
        Require(Call.ModifyVolume);
        Volume volume = await CreateAsync(Order(Name()));
        await CallAsync(ControllerMethods.ControllerModifyVolume, new() { VolumeId = volume.VolumeId });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.ControllerModifyVolume, new() { VolumeId = volume.VolumeId, MutableParameters = { ["no such parameter"] = "" } });
        await RefusedAsync(GrpcStatusCode.InvalidArgument, ControllerMethods.ControllerModifyVolume, new());
        await RefusedAsync(GrpcStatusCode.NotFound, ControllerMethods.ControllerModifyVolume, new() { VolumeId = "none-such" });
    }

    [Fact]
    public async Task A_clone_has_its_originals_content_and_a_life_of_its_own()
    {
        Require(Call.CloneVolume);
        Volume original = await WrittenAsync("original");
        CreateVolumeRequest order = Order(Name("clone"));
        order.VolumeContentSource = new() { Volume = new() { VolumeId = original.VolumeId } };
        Volume clone = await CreateAsync(order);
        Assert.Equal(original.VolumeId, clone.ContentSource.Volume.VolumeId);
        Assert.Equal(clone, (await CallAsync(ControllerMethods.CreateVolume, order)).Volume);
        Assert.Equal("original", await ContentOfAsync(clone));
        string place = await PublishAsync(Publication(clone));
        await WriteAsync(place, "changed");
        await UnpublishAsync(clone.VolumeId, place);
        Assert.Equal("original", await ContentOfAsync(original));
        order = Order(Name("clone"));
        order.VolumeContentSource = new() { Volume = new() { VolumeId = "none-such" } };
        await RefusedAsync(GrpcStatusCode.NotFound, ControllerMethods.CreateVolume, order);
    }

    [Fact]
    public async Task A_place_where_no_volume_can_be_is_refused()
    {
        NodeGetInfoResponse info = await CallAsync(NodeMethods.NodeGetInfo, new());
        Assert.SkipUnless(info.AccessibleTopology is { Segments.Count: > 0 }, "the driver's volumes are everywhere");
        CreateVolumeRequest order = Order(Name());
        order.AccessibilityRequirements = new() { Requisite = { info.AccessibleTopology } };
        await CreateAsync(order);
        order = Order(Name());
        order.AccessibilityRequirements = new() { Requisite = { new Topology { Segments = { info.AccessibleTopology.Segments.ToDictionary(static segment => segment.Key, static _ => "elsewhere") } } } };
        await RefusedAsync(GrpcStatusCode.ResourceExhausted, ControllerMethods.CreateVolume, order);
    }
}
