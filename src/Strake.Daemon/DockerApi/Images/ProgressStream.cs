using System.Text.Json;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>
/// The body of an operation that tells how far it is: a JSON object a line. It begins with the first line, and once it has begun, an
/// error can only be another line.
/// </summary>
/// <param name="exchange">The request.</param>
/// <remarks>moby <c>pkg/streamformatter</c>, <c>pkg/jsonmessage</c>.</remarks>
sealed class ProgressStream(Exchange exchange)
{
    static readonly byte[] s_lineEnd = "\r\n"u8.ToArray();
    readonly SemaphoreSlim turn = new(1, 1);
    Stream? body;

    /// <summary>Whether a line was sent: what fails from then on can only be another line.</summary>
    public bool HasBegun => body is not null;

    /// <summary>Writes a line and sends it.</summary>
    public async Task WriteAsync(ProgressLine line)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(line, DockerJson.Plain.ProgressLine);
        await turn.WaitAsync(exchange.Aborted);
        try
        {
            body ??= await exchange.StartStreamAsync("application/json");
            await body.WriteAsync(json, exchange.Aborted);
            await body.WriteAsync(s_lineEnd, exchange.Aborted);
            await body.FlushAsync(exchange.Aborted);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Runs an operation; what it throws becomes the last line, as Docker has it: with status 200.</summary>
    public Task RunAsync(Func<Task> operation) => RunAsync(operation, isRefusedFirst: false);

    /// <summary>As <see cref="RunAsync(Func{Task})"/>, but what is thrown before the first line is the response, with its status.</summary>
    public Task RunOrRefuseAsync(Func<Task> operation) => RunAsync(operation, isRefusedFirst: true);

    async Task RunAsync(Func<Task> operation, bool isRefusedFirst)
    {
        try
        {
            await operation();
        }
        catch (StrakeException e) when (body is not null || !isRefusedFirst)
        {
            await WriteAsync(new ProgressLine { ErrorDetail = new(e.Message), Error = e.Message });
        }
    }
}
