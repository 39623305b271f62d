using Strake.Grpc;
using static Strake.Grpc.GrpcStatusCode;

namespace Strake.Csi;

/// <summary>All unary calls of the interface, with what may come back.</summary>
/// <remarks>spec.md 1.12: "Error Scheme" for those that every call may be refused with, and the table of errors of each call.</remarks>
public static class CsiCalls
{
    /// <summary>The refusals that every call may have.</summary>
    public static IReadOnlySet<GrpcStatusCode> Common { get; } = new HashSet<GrpcStatusCode>
    {
        Cancelled, Unknown, InvalidArgument, DeadlineExceeded, PermissionDenied, Aborted, Unimplemented, Internal, Unavailable, Unauthenticated,
    };

    /// <summary>The calls.</summary>
    public static IReadOnlyList<CsiCall> All { get; } =
    [
        CsiCall.Of(IdentityMethods.GetPluginInfo),
        CsiCall.Of(IdentityMethods.GetPluginCapabilities),
        CsiCall.Of(IdentityMethods.Probe, null, false, FailedPrecondition),
        CsiCall.Of(ControllerMethods.CreateVolume, static request => request.Secrets, true, NotFound, AlreadyExists, ResourceExhausted, OutOfRange),
        CsiCall.Of(ControllerMethods.DeleteVolume, static request => request.Secrets, true, FailedPrecondition),
        CsiCall.Of(ControllerMethods.ControllerPublishVolume, static request => request.Secrets, true, NotFound, AlreadyExists, FailedPrecondition, ResourceExhausted),
        CsiCall.Of(ControllerMethods.ControllerUnpublishVolume, static request => request.Secrets, true, NotFound),
        CsiCall.Of(ControllerMethods.ValidateVolumeCapabilities, static request => request.Secrets, false, NotFound),
        CsiCall.Of(ControllerMethods.ListVolumes),
        CsiCall.Of(ControllerMethods.GetCapacity),
        CsiCall.Of(ControllerMethods.ControllerGetCapabilities),
        CsiCall.Of(ControllerMethods.CreateSnapshot, static request => request.Secrets, true, NotFound, AlreadyExists, FailedPrecondition, ResourceExhausted),
        CsiCall.Of(ControllerMethods.DeleteSnapshot, static request => request.Secrets, true, FailedPrecondition),
        CsiCall.Of(ControllerMethods.ListSnapshots, static request => request.Secrets),
        CsiCall.Of(ControllerMethods.GetSnapshot, static request => request.Secrets, false, NotFound),
        CsiCall.Of(ControllerMethods.ControllerExpandVolume, static request => request.Secrets, true, NotFound, FailedPrecondition, OutOfRange, ResourceExhausted),
        CsiCall.Of(ControllerMethods.ControllerGetVolume, null, false, NotFound),
        CsiCall.Of(ControllerMethods.ControllerModifyVolume, static request => request.Secrets, true, NotFound),
        CsiCall.Of(GroupControllerMethods.GroupControllerGetCapabilities),
        CsiCall.Of(GroupControllerMethods.CreateVolumeGroupSnapshot, static request => request.Secrets, true, NotFound, AlreadyExists, FailedPrecondition, ResourceExhausted),
        CsiCall.Of(GroupControllerMethods.DeleteVolumeGroupSnapshot, static request => request.Secrets, true, FailedPrecondition),
        CsiCall.Of(GroupControllerMethods.GetVolumeGroupSnapshot, static request => request.Secrets, false, NotFound),
        CsiCall.Of(NodeMethods.NodeStageVolume, static request => request.Secrets, true, NotFound, AlreadyExists, FailedPrecondition),
        CsiCall.Of(NodeMethods.NodeUnstageVolume, null, true, NotFound),
        CsiCall.Of(NodeMethods.NodePublishVolume, static request => request.Secrets, true, NotFound, AlreadyExists, FailedPrecondition),
        CsiCall.Of(NodeMethods.NodeUnpublishVolume, null, true, NotFound),
        CsiCall.Of(NodeMethods.NodeGetVolumeStats, null, false, NotFound),
        CsiCall.Of(NodeMethods.NodeExpandVolume, static request => request.Secrets, true, NotFound, FailedPrecondition, OutOfRange),
        CsiCall.Of(NodeMethods.NodeGetCapabilities),
        CsiCall.Of(NodeMethods.NodeGetInfo),
    ];

    /// <summary>A call by its names; null: there is none.</summary>
    public static CsiCall? Find(string service, string name) => All.FirstOrDefault(call => call.Service == service && call.Name == name);
}
