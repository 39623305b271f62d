using System.Net.Sockets;
using System.Text;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>Requests to the engine's API over its socket, without a client in between.</summary>
public sealed class EngineHttp(string socket) : IDisposable
{
    readonly HttpClient _client = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
    })
    { BaseAddress = new Uri("http://engine"), Timeout = TimeSpan.FromMinutes(1) * TestSetting.Patience };

    /// <summary>GET of a path.</summary>
    public Task<EngineReply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, content: null);

    /// <summary>POST of a JSON text; null: no body.</summary>
    public Task<EngineReply> PostAsync(string path, string? json = null) =>
        SendAsync(HttpMethod.Post, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>POST of a tar.</summary>
    public Task<EngineReply> PostTarAsync(string path, Stream tar)
    {
        var content = new StreamContent(tar);
        content.Headers.ContentType = new("application/x-tar");
        return SendAsync(HttpMethod.Post, path, content);
    }

    /// <summary>DELETE of a path.</summary>
    public Task<EngineReply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, content: null);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    async Task<EngineReply> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var reply = await _client.SendAsync(request);
        return new EngineReply((int)reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }
}
