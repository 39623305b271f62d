using System.Text.Json;
using Google.Protobuf;
using Strake.Grpc;

namespace Strake.Csi;

/// <summary>Calls of a driver in a file, a line each: what was asked, without secrets, and what came back.</summary>
public static class CsiRecording
{
    /// <summary>The longest line that is read; bytes. Two messages of four MiB, as letters.</summary>
    public const int MaxLineBytes = 16 << 20;

    /// <summary>A call as a line, without its end. Pure.</summary>
    /// <param name="exchange">The call.</param>
    public static string Write(CsiExchange exchange) => JsonSerializer.Serialize(
        new CsiRecord(
            exchange.Call.Service, exchange.Call.Name,
            exchange.Call.WithoutSecrets(exchange.Request).ToByteArray(), exchange.Response?.ToByteArray(),
            (int)exchange.Status.Code, exchange.Status.Message, exchange.Took.TotalMilliseconds),
        CsiRecordJson.Default.CsiRecord);

    /// <summary>A line as a call. Pure.</summary>
    /// <param name="line">The line.</param>
    /// <exception cref="StrakeException">Invalid: it is none.</exception>
    public static CsiExchange Read(string line)
    {
        try
        {
            CsiRecord record = JsonSerializer.Deserialize(line, CsiRecordJson.Default.CsiRecord) ?? throw new JsonException("nothing");
            CsiCall call = CsiCalls.Find(record.Service, record.Name) ?? throw new JsonException($"there is no call {record.Service}/{record.Name}");
            return new CsiExchange(
                call, call.ReadRequest(record.Request), record.Response is { } response ? call.ReadResponse(response) : null,
                new GrpcStatus((GrpcStatusCode)record.Code, record.Message ?? ""), TimeSpan.FromMilliseconds(record.Milliseconds));
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidProtocolBufferException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw StrakeException.Invalid($"this is no line of a recording: {malformed.Message}", malformed);
        }
    }

    /// <summary>Makes recorded calls again, one after another, and tells where a driver answers otherwise than it did.</summary>
    /// <param name="lines">The recording.</param>
    /// <param name="driver">The driver.</param>
    /// <param name="onExchange">Told of each call.</param>
    /// <param name="onDifference">Told of each difference, and of each rule that was broken; a sentence.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="StrakeException">Invalid: a line is none.</exception>
    public static async Task ReplayAsync(
        IAsyncEnumerable<string> lines, GrpcChannel driver, Action<CsiExchange> onExchange, Action<string> onDifference, CancellationToken cancellationToken)
    {
        CsiExchange? seen = null;
        var proxy = new ReplayProxy(driver, exchange => onExchange(seen = exchange), breach => onDifference(breach.ToString()));
        await foreach (string line in lines.WithCancellation(cancellationToken))
        {
            if (line.Length == 0) continue;
            CsiExchange recorded = Read(line);
            await proxy.ReplayAsync(recorded, cancellationToken);
            if (seen!.Status.Code != recorded.Status.Code)
                onDifference($"{recorded.Call.Name}: it ended with {recorded.Status.Code}, and now with {seen.Status}");
        }
    }

    sealed class ReplayProxy(GrpcChannel driver, Action<CsiExchange> onExchange, Action<CsiBreach> onBreach) : CsiProxy(driver, onExchange, onBreach)
    {
        public Task<CsiExchange> ReplayAsync(CsiExchange recorded, CancellationToken cancellationToken) =>
            SendAsync(recorded.Call, recorded.Request, GrpcCallOptions.None, cancellationToken);
    }
}
