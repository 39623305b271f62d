using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Strake.Grpc;

namespace Strake.Csi.Tests;

/// <summary>Answers of drivers, sound and not.</summary>
public sealed class CsiRulesTests
{
    [Fact]
    public void A_sound_answer_breaks_no_rule()
    {
        Assert.Empty(Check("CreateVolume", new CreateVolumeRequest { CapacityRange = new() { RequiredBytes = 1 } }, new CreateVolumeResponse { Volume = new Volume { VolumeId = "id", CapacityBytes = 1 } }));
        Assert.Empty(Check("CreateVolume", new CreateVolumeRequest { CapacityRange = new() { RequiredBytes = 1 } }, new CreateVolumeResponse { Volume = new Volume { VolumeId = "id" } }));
        Assert.Empty(Check("CreateSnapshot", new CreateSnapshotRequest { SourceVolumeId = "v" }, new CreateSnapshotResponse { Snapshot = new Snapshot { SnapshotId = "s", SourceVolumeId = "v", CreationTime = new Timestamp() } }));
        Assert.Empty(Check("GetPluginInfo", new GetPluginInfoRequest(), new GetPluginInfoResponse { Name = "strake.csi" }));
        Assert.Empty(Check("NodeGetInfo", new NodeGetInfoRequest(), new NodeGetInfoResponse { NodeId = "node" }));
        Assert.Empty(Refuse("CreateVolume", GrpcStatusCode.OutOfRange, "too large"));
    }

    [Fact]
    public void What_is_wrong_with_a_volume_is_named()
    {
        Assert.Contains("volume_id", Broken("CreateVolume", new CreateVolumeRequest(), new CreateVolumeResponse { Volume = new Volume() }), StringComparison.Ordinal);
        Assert.Contains("Size Limits", Broken("CreateVolume", new CreateVolumeRequest(), new CreateVolumeResponse { Volume = new Volume { VolumeId = new string('x', 129) } }), StringComparison.Ordinal);
        Assert.Contains("told of", Broken("CreateVolume", new CreateVolumeRequest(), new CreateVolumeResponse()), StringComparison.Ordinal);
        Assert.Contains("range", Broken("CreateVolume", new CreateVolumeRequest { CapacityRange = new() { RequiredBytes = 2 } }, new CreateVolumeResponse { Volume = new Volume { VolumeId = "id", CapacityBytes = 1 } }), StringComparison.Ordinal);
        Assert.Contains("range", Broken("CreateVolume", new CreateVolumeRequest { CapacityRange = new() { LimitBytes = 2 } }, new CreateVolumeResponse { Volume = new Volume { VolumeId = "id", CapacityBytes = 3 } }), StringComparison.Ordinal);
        Assert.Contains(
            "content_source",
            Broken("CreateVolume", new CreateVolumeRequest { VolumeContentSource = new() { Volume = new() { VolumeId = "v" } } }, new CreateVolumeResponse { Volume = new Volume { VolumeId = "id" } }),
            StringComparison.Ordinal);
        Assert.Contains(
            "at least", Broken("ControllerExpandVolume", new ControllerExpandVolumeRequest { CapacityRange = new() { RequiredBytes = 2 } }, new ControllerExpandVolumeResponse { CapacityBytes = 1 }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_refusal_is_named()
    {
        Assert.Contains("codes", Assert.Single(Refuse("DeleteVolume", GrpcStatusCode.NotFound, "there is none")).Rule, StringComparison.Ordinal);
        Assert.Contains("says why", Assert.Single(Refuse("DeleteVolume", GrpcStatusCode.Internal, "")).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void A_piece_that_is_too_long_is_named() => Assert.Contains(
        "max_entries",
        Broken("ListVolumes", new ListVolumesRequest { MaxEntries = 1 }, new ListVolumesResponse { Entries = { Enumerable.Range(0, 2).Select(static id => new ListVolumesResponse.Types.Entry { Volume = new Volume { VolumeId = $"{id}" } }) } }),
        StringComparison.Ordinal);

    [Fact]
    public void All_calls_of_the_interface_are_known()
    {
        Assert.Equal(30, CsiCalls.All.Count);
        Assert.Equal(CsiCalls.All.Count, CsiCalls.All.Select(static call => call.ToString()).Distinct().Count());
        Assert.Null(CsiCalls.Find("csi.v1.Controller", "NodePublishVolume"));
    }

    static string Broken(string name, IMessage request, IMessage response) => Assert.Single(Check(name, request, response)).ToString();

    static List<CsiBreach> Check(string name, IMessage request, IMessage response) => [.. CsiRules.Check(new CsiExchange(Call(name), request, response, GrpcStatus.Ok, TimeSpan.Zero))];

    static List<CsiBreach> Refuse(string name, GrpcStatusCode code, string message) =>
        [.. CsiRules.Check(new CsiExchange(Call(name), new GetPluginInfoRequest(), null, new GrpcStatus(code, message), TimeSpan.Zero))];

    static CsiCall Call(string name) => CsiCalls.All.Single(call => call.Name == name);
}
