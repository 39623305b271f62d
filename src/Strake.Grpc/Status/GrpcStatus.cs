using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Strake.Grpc.Wire;

namespace Strake.Grpc;

/// <summary>A call's end: its code, what to tell a person, and what programs may know beyond it.</summary>
/// <param name="Code">How it ended.</param>
/// <param name="Message">For a person; empty where there is nothing to say.</param>
public sealed record GrpcStatus(GrpcStatusCode Code, string Message = "")
{
    /// <summary>The end of a call that was carried out.</summary>
    public static GrpcStatus Ok { get; } = new(GrpcStatusCode.Ok);

    /// <summary>
    /// The same once more for programs, with details of any types: a serialized <c>google.rpc.Status</c>, sent as
    /// <c>grpc-status-details-bin</c>. Empty where there are none.
    /// </summary>
    public ReadOnlyMemory<byte> Details { get; init; }

    /// <summary>A status with details for programs.</summary>
    /// <param name="code">How the call ended.</param>
    /// <param name="message">For a person.</param>
    /// <param name="details">Messages of any types; who reads them knows them by their <see cref="Any.TypeUrl"/>.</param>
    public static GrpcStatus With(GrpcStatusCode code, string message, params IEnumerable<Any> details)
    {
        var whole = new DetailedStatus { Code = (int)code, Message = message };
        whole.Details.AddRange(details);
        return new GrpcStatus(code, message) { Details = whole.ToByteArray() };
    }

    /// <summary>What <see cref="Details"/> holds, each for <see cref="Any.Unpack{T}"/>; none where it holds nothing that can be read.</summary>
    public IReadOnlyList<Any> ReadDetails()
    {
        try
        {
            return DetailedStatus.Parser.ParseFrom(Details.Span).Details;
        }
        catch (InvalidProtocolBufferException)
        {
            // What stands beside the status must not make it unreadable.
            return [];
        }
    }

    /// <summary>For logs: the code and the message.</summary>
    public override string ToString() => Message.Length == 0 ? Code.ToString() : $"{Code}: {Message}";
}
