using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Strake.Daemon.Server;

/// <summary>
/// Tells a client that speaks HTTP/2 from its first byte from all others, on a listener of HTTP/1.1: without TLS nothing is agreed on
/// before. The first three bytes say it, for no request of HTTP/1.1 begins with PRI.
/// </summary>
/// <remarks>RFC 9113, 3.3 and 3.4.</remarks>
static class PriorKnowledge
{
    static ReadOnlySpan<byte> Preface => "PRI"u8;

    /// <summary>Whether the client speaks HTTP/2. What was looked at is still there to be read.</summary>
    /// <remarks>A connection on which nothing comes is over some time, as it is where HTTP/1.1 waits for a request.</remarks>
    /// <param name="connection">The connection; nothing of it has been read.</param>
    /// <param name="patience">How long the first bytes may take.</param>
    /// <param name="time">The clock.</param>
    public static async ValueTask<bool> SpeaksHttp2Async(ConnectionContext connection, TimeSpan patience, TimeProvider time)
    {
        PipeReader input = connection.Transport.Input;
        if (input.TryRead(out ReadResult there))
        {
            bool? decided = Look(input, there);
            if (decided is not null) return decided.Value;
        }

        using var waiting = new CancellationTokenSource(patience, time);
        try
        {
            while (true)
                if (Look(input, await input.ReadAsync(waiting.Token)) is { } decided) return decided;
        }
        catch (OperationCanceledException)
        {
            connection.Abort(new ConnectionAbortedException("nothing came on the connection"));
            return false;
        }
        catch (IOException)
        {
            // Reset before it said anything; whoever reads on finds the same.
            return false;
        }
    }

    // Nothing is consumed. What was examined is not shown again before more has come.
    static bool? Look(PipeReader input, in ReadResult result)
    {
        bool? isHttp2 = Decide(result.Buffer) ?? (result.IsCompleted ? false : null);
        input.AdvanceTo(result.Buffer.Start, isHttp2 is null ? result.Buffer.End : result.Buffer.Start);
        return isHttp2;
    }

    static bool? Decide(in ReadOnlySequence<byte> received)
    {
        Span<byte> first = stackalloc byte[Preface.Length];
        first = first[..(int)Math.Min(received.Length, first.Length)];
        received.Slice(0, first.Length).CopyTo(first);
        if (!Preface.StartsWith(first)) return false;
        return first.Length == Preface.Length ? true : null;
    }
}
