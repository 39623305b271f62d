using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>A client that reads a log as the body of an ordinary response.</summary>
/// <param name="exchange">The request.</param>
/// <param name="isRaw">Whether the log is a terminal's.</param>
sealed class LogClient(Exchange exchange, bool isRaw) : StreamClient(isRaw)
{
    readonly string contentType = ContentType(exchange, isRaw);
    Stream? body;

    /// <inheritdoc/>
    public override Stream? Input => null;

    /// <summary>Sends the status: a log that is followed may stay silent for long.</summary>
    public async ValueTask BeginAsync() => body ??= await exchange.StartStreamAsync(contentType);

    /// <inheritdoc/>
    protected override async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await BeginAsync();
        await body!.WriteAsync(data, cancellationToken);
        await body.FlushAsync(cancellationToken);
    }
}
