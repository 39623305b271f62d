using Strake.Csi.Registration;
using Strake.Grpc;

namespace Strake.Csi;

/// <summary>The calls of <c>pluginregistration.Registration</c>, by which a driver's registrar makes the driver known on a node.</summary>
public static class RegistrationMethods
{
    /// <summary>The service.</summary>
    public const string Service = "pluginregistration.Registration";

    /// <summary>What a registrar calls a driver of this interface, among the kinds of plugins that there are.</summary>
    public const string DriverType = "CSIPlugin";

    /// <summary>Which driver, and where.</summary>
    public static GrpcMethod<InfoRequest, PluginInfo> GetInfo { get; } = GrpcMethod.Of(Service, "GetInfo", InfoRequest.Parser, PluginInfo.Parser);

    /// <summary>Tells whether it was taken.</summary>
    public static GrpcMethod<RegistrationStatus, RegistrationStatusResponse> NotifyRegistrationStatus { get; } =
        GrpcMethod.Of(Service, "NotifyRegistrationStatus", RegistrationStatus.Parser, RegistrationStatusResponse.Parser);
}
