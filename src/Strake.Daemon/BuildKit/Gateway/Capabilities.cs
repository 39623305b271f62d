using Strake.Daemon.BuildKit.Wire;

namespace Strake.Daemon.BuildKit.Gateway;

/// <summary>What a client may count on.</summary>
/// <remarks>buildkit <c>frontend/gateway/pb/caps.go</c> and <c>solver/pb/caps.go</c>.</remarks>
static class Capabilities
{
    // Of the bridge. Not there: inputs that the client has made, processes in results, attestations.
    static readonly string[] s_frontend =
    [
        "solve.base", "solve.inlinereturn", "resolveimage", "resolveimage.resolvemode", "readfile", "return", "returnmap", "readdir", "statfile",
        "importcaches", "proto.refarray", "reference.output", "gateway.solve.metadata", "frontend.caps", "gateway.solve.evaluate", "gateway.evaluate",
        "gateway.warnings", "source.metaresolver",
    ];

    // Of build graphs: none is taken. What is there says what outputs can do.
    static readonly string[] s_graph = ["exporter.multiple", "exporter.sourcedateepoch", "exporter.image.annotations", "platform"];

    /// <summary>Says it.</summary>
    public static void Tell(PongResponse pong)
    {
        pong.FrontendCaps.AddRange(s_frontend.Select(Enabled));
        pong.LlbCaps.AddRange(s_graph.Select(Enabled));
    }

    static ApiCapability Enabled(string id) => new() { Id = id, Enabled = true };
}
