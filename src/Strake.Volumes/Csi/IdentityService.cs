using Strake.Csi;
using Strake.Grpc;

namespace Strake.Volumes;

/// <summary>What <c>strake.csi</c> is and can do.</summary>
/// <param name="version">The engine's version.</param>
sealed class IdentityService(string version)
{
    /// <summary>What answers.</summary>
    public IEnumerable<GrpcHandler> Handlers =>
    [
        GrpcHandler.Unary(IdentityMethods.GetPluginInfo, (_, _) => Task.FromResult(new GetPluginInfoResponse { Name = StrakeCsi.Name, VendorVersion = version })),
        GrpcHandler.Unary(IdentityMethods.GetPluginCapabilities, static (_, _) => Task.FromResult(Capabilities())),
        GrpcHandler.Unary(IdentityMethods.Probe, static (_, _) => Task.FromResult(new ProbeResponse { Ready = true })),
    ];

    static GetPluginCapabilitiesResponse Capabilities() => new()
    {
        Capabilities =
        {
            Of(PluginCapability.Types.Service.Types.Type.ControllerService),
            Of(PluginCapability.Types.Service.Types.Type.GroupControllerService),
            Of(PluginCapability.Types.Service.Types.Type.VolumeAccessibilityConstraints),
            new PluginCapability { VolumeExpansion = new() { Type = PluginCapability.Types.VolumeExpansion.Types.Type.Online } },
        },
    };

    static PluginCapability Of(PluginCapability.Types.Service.Types.Type type) => new() { Service = new() { Type = type } };
}
