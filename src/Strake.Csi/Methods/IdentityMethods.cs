using Strake.Grpc;

namespace Strake.Csi;

/// <summary>The calls of <c>csi.v1.Identity</c>: what a driver is and can do.</summary>
public static class IdentityMethods
{
    /// <summary>The service.</summary>
    public const string Service = "csi.v1.Identity";

    /// <summary>The driver's name and version.</summary>
    public static GrpcMethod<GetPluginInfoRequest, GetPluginInfoResponse> GetPluginInfo { get; } =
        GrpcMethod.Of(Service, "GetPluginInfo", GetPluginInfoRequest.Parser, GetPluginInfoResponse.Parser);

    /// <summary>Which services it has.</summary>
    public static GrpcMethod<GetPluginCapabilitiesRequest, GetPluginCapabilitiesResponse> GetPluginCapabilities { get; } =
        GrpcMethod.Of(Service, "GetPluginCapabilities", GetPluginCapabilitiesRequest.Parser, GetPluginCapabilitiesResponse.Parser);

    /// <summary>Whether it is ready.</summary>
    public static GrpcMethod<ProbeRequest, ProbeResponse> Probe { get; } = GrpcMethod.Of(Service, "Probe", ProbeRequest.Parser, ProbeResponse.Parser);
}
