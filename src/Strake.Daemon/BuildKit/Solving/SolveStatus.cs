using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Strake.Daemon.BuildKit.Progress;
using Strake.Daemon.BuildKit.Wire;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit.Solving;

/// <summary>How errors are told to clients of BuildKit's protocol.</summary>
static class SolveStatus
{
    // buildkit solver/errdefs: registered with these URLs, in JSON.
    const string SourceUrl = "github.com/moby/buildkit/errdefs.Source+json";
    const string VertexUrl = "github.com/moby/buildkit/errdefs.Vertex+json";

    /// <summary>
    /// The status of an exception of ours. Always the code for "failed": clients print the message alone then, and exit with 1; any other code
    /// is put in front of it, and some change the exit code.
    /// </summary>
    /// <returns>The status; null: the exception is a defect.</returns>
    public static GrpcStatus? Of(Exception error) => error is StrakeException ? new GrpcStatus(GrpcStatusCode.Unknown, error.Message) : null;

    /// <summary>The status of a solve that failed, with the lines of the Dockerfile that clients draw.</summary>
    public static GrpcStatus Of(StrakeException error, SolveProgress progress)
    {
        var details = new RpcStatus { Code = (int)GrpcStatusCode.Unknown, Message = error.Message };
        if (progress.FailedStep is { } step)
            details.Details.Add(Pack(VertexUrl, JsonSerializer.SerializeToUtf8Bytes(new VertexDetailBody(step), SolveJson.Default.VertexDetailBody)));
        if (progress.Spot is { } spot)
            details.Details.Add(Pack(SourceUrl, JsonSerializer.SerializeToUtf8Bytes(Describe(spot), SolveJson.Default.SourceDetailBody)));
        return new GrpcStatus(GrpcStatusCode.Unknown, error.Message) { Details = details.Details.Count > 0 ? details.ToByteArray() : default };
    }

    static Any Pack(string url, byte[] json) => new() { TypeUrl = url, Value = UnsafeByteOperations.UnsafeWrap(json) };

    static SourceDetailBody Describe(SourceSpot spot) => new(
        new(spot.FileName, spot.Content.ToArray(), "Dockerfile"),
        [new(new(spot.FirstLine), new(spot.LastLine))]);
}
