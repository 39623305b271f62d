using System.Text;
using Strake.Containers;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>A client whose connection leaves HTTP once its session cannot be refused any more.</summary>
/// <param name="exchange">The request; its body has been read.</param>
/// <param name="isRaw">Whether the stream is a terminal's.</param>
/// <param name="contentType">What the answer says of the stream.</param>
/// <param name="takesInput">Whether the client's input is wanted.</param>
/// <param name="time">The clock of the connection's end.</param>
sealed class HijackedClient(Exchange exchange, bool isRaw, string contentType, bool takesInput, TimeProvider time)
    : StreamClient(isRaw), IAsyncDisposable
{
    HijackedConnection? connection;

    /// <inheritdoc/>
    public override Stream? Input => takesInput ? connection?.Input : null;

    /// <summary>Answers the request and takes the connection over; what fails before is still an HTTP answer.</summary>
    public async ValueTask TakeAsync() => connection ??= await HijackedConnection.TakeAsync(exchange.Http, contentType, time);

    /// <summary>Whether the request has been answered.</summary>
    public bool IsTaken => connection is not null;

    /// <summary>Says why the session failed where it is too late for a status: as text in the stream, as Docker does.</summary>
    public async Task ReportAsync(StrakeException error)
    {
        try
        {
            await WriteAsync(ContainerStream.Stderr, Encoding.UTF8.GetBytes(error.Message + "\r\n"), exchange.Aborted);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has gone: nobody is left to tell.
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    protected override ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        (connection ?? throw new InvalidOperationException("output came before the session was ready")).WriteAsync(data, cancellationToken);
}
