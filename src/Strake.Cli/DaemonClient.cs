using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Strake.Daemon.Configuration;
using Strake.Daemon.Server;
using Strake.State;

namespace Strake.Cli;

/// <summary>Asks a running daemon what Docker's API has no words for.</summary>
sealed class DaemonClient : IDisposable
{
    readonly HttpClient client;

    /// <summary>A client of the daemon that runs with these options.</summary>
    public DaemonClient(DaemonOptions options)
    {
        ListenAddress address = options.ListenAddresses[0];
        client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(address, cancellationToken) })
        {
            BaseAddress = new Uri("http://strake"),
            // What is asked may take as long as a disk takes.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends a request that is answered with nothing.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query.</param>
    /// <param name="body">What is sent with it; null: nothing. Stays the caller's.</param>
    /// <exception cref="StrakeException">As <see cref="AskAsync"/>.</exception>
    public async Task SendAsync(HttpMethod method, string path, Stream? body = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StreamContent(body) };
            using HttpResponseMessage response = await client.SendAsync(request);
            if (!response.IsSuccessStatusCode) throw Refusal((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException e)
        {
            throw StrakeException.Unavailable($"the daemon cannot be asked: {e.Message}", e);
        }
    }

    /// <summary>Reads what a path has into a stream.</summary>
    /// <exception cref="StrakeException">As <see cref="AskAsync"/>; Unavailable too where the answer breaks off.</exception>
    public async Task ReceiveAsync(string path, Stream target)
    {
        try
        {
            using HttpResponseMessage response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
            if (!response.IsSuccessStatusCode) throw Refusal((int)response.StatusCode, await response.Content.ReadAsStringAsync());
            await response.Content.CopyToAsync(target);
        }
        catch (HttpRequestException e)
        {
            throw StrakeException.Unavailable($"the daemon's answer did not come, or broke off: {e.Message}", e);
        }
    }

    /// <summary>Sends a request without a body, and reads what comes.</summary>
    /// <exception cref="StrakeException">Unavailable: nobody listens, or what came is no answer. Otherwise: the daemon's refusal.</exception>
    public async Task<T> AskAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using HttpResponseMessage response = await client.SendAsync(request);
            string body = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode) throw Refusal((int)response.StatusCode, body);
            return JsonSerializer.Deserialize(body, type) ?? throw StrakeException.Unavailable("the daemon answered nothing");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw StrakeException.Unavailable($"the daemon cannot be asked: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    static StrakeException Refusal(int status, string body)
    {
        string message = MessageIn(body);
        return status switch
        {
            404 => StrakeException.NotFound(message),
            409 => StrakeException.Conflict(message),
            _ => StrakeException.Internal(message),
        };
    }

    // What stands between may answer in its own words.
    static string MessageIn(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject answer && answer["message"] is JsonValue message && message.TryGetValue(out string? text) ? text : body.Trim();
        }
        catch (JsonException)
        {
            return body.Trim();
        }
    }

    static async ValueTask<Stream> ConnectAsync(ListenAddress address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address.EndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
