using Google.Protobuf;
using Strake.Grpc;

namespace Strake.Csi;

/// <summary>A call as it was made and answered.</summary>
/// <param name="Call">Which.</param>
/// <param name="Request">What was asked; without secrets where it was written down.</param>
/// <param name="Response">What came back; null: a refusal.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Took">How long.</param>
public sealed record CsiExchange(CsiCall Call, IMessage Request, IMessage? Response, GrpcStatus Status, TimeSpan Took);
