using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Strake.Volumes;

/// <summary>
/// Calls to one plugin: a POST with a JSON body each. A plugin is somebody else's program: its answers have a limit in time and in length, and
/// are read as JSON of the one form that is expected.
/// </summary>
/// <remarks>Each call has a connection of its own: what a plugin that was restarted does to an old one can be told from what it does to a call.</remarks>
sealed class PluginClient : IDisposable
{
    // A list of fifty thousand volumes.
    const int MaxAnswerBytes = 16 << 20;
    const int MaxErrorCharacters = 4096;
    const string MediaType = "application/vnd.docker.plugins.v1.2+json";

    readonly PluginAddress address;
    readonly TimeProvider time;
    readonly HttpClient http;

    public PluginClient(PluginAddress address, TimeProvider time)
    {
        this.address = address;
        this.time = time;
        http = new HttpClient(HandlerFor(address), disposeHandler: true)
        {
            BaseAddress = address.SocketPath is null ? address.Endpoint : new Uri("http://plugin"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Calls once.</summary>
    /// <param name="method">Such as <c>VolumeDriver.Mount</c>.</param>
    /// <param name="body">The request.</param>
    /// <param name="requestType">Its contract.</param>
    /// <param name="answerType">The answer's.</param>
    /// <param name="limit">For the whole call.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="PluginUnreachableException">There was no answer.</exception>
    /// <exception cref="PluginRefusalException">The answer says no, or nothing that can be understood.</exception>
    public async Task<TAnswer> CallAsync<TRequest, TAnswer>(
        string method, TRequest? body, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TAnswer> answerType, TimeSpan limit, CancellationToken cancellationToken)
        where TRequest : class
        where TAnswer : class
    {
        using var ending = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, cancellationToken);
        byte[] answer;
        System.Net.HttpStatusCode status;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/" + method) { Content = new ByteArrayContent(body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body, requestType)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            status = response.StatusCode;
            answer = await ReadAsync(method, response, both.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new PluginUnreachableException($"{method}: no answer within {limit.TotalSeconds:0} s", sent: true);
        }
        catch (HttpRequestException failed)
        {
            throw new PluginUnreachableException($"{method}: {WhyOf(failed)}", sent: !IsBeforeSending(failed.HttpRequestError), failed);
        }
        catch (IOException cut)
        {
            throw new PluginUnreachableException($"{method}: {cut.Message}", sent: true, cut);
        }

        return status == System.Net.HttpStatusCode.OK
            ? Understand(method, answer, answerType)
            : throw new PluginRefusalException($"{method}: {ErrorIn(answer) ?? TextOf(answer, (int)status)}");
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    static async Task<byte[]> ReadAsync(string method, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var kept = new MemoryStream();
        byte[] buffer = new byte[16 << 10];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (kept.Length + count > MaxAnswerBytes)
                throw new PluginRefusalException($"{method}: the answer is longer than {MaxAnswerBytes >> 20} MiB");
            kept.Write(buffer, 0, count);
        }

        return kept.ToArray();
    }

    static TAnswer Understand<TAnswer>(string method, byte[] answer, JsonTypeInfo<TAnswer> type)
        where TAnswer : class
    {
        try
        {
            TAnswer? understood = JsonSerializer.Deserialize(answer, type);
            return understood is IPluginAnswer { Err: { Length: > 0 } error }
                ? throw new PluginRefusalException($"{method}: {Cut(error)}")
                : understood ?? throw new PluginRefusalException($"{method}: the answer is null");
        }
        catch (JsonException malformed)
        {
            throw new PluginRefusalException($"{method}: the answer is not what the protocol says: {malformed.Message}", malformed);
        }
    }

    static string? ErrorIn(byte[] answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, PluginJson.Default.PluginOutcome) is { Err: { Length: > 0 } error } ? Cut(error) : null;
        }
        catch (JsonException)
        {
            // Plain text, then: a web server's own words.
            return null;
        }
    }

    static string TextOf(byte[] answer, int status)
    {
        string text = Cut(System.Text.Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, MaxErrorCharacters))).Trim());
        return text.Length > 0 ? text : $"status {status}";
    }

    static string Cut(string text) => text.Length <= MaxErrorCharacters ? text : text[..MaxErrorCharacters] + "…";

    string WhyOf(HttpRequestException failed) => failed.InnerException switch
    {
        // .NET calls a socket that is not there an address that cannot be had.
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } when address.SocketPath is { } path && !File.Exists(path) =>
            $"dial unix {path}: connect: no such file or directory",
        SocketException socket => $"dial {address.Endpoint.OriginalString}: {socket.Message}",
        { } inner => inner.Message,
        null => failed.Message,
    };

    static bool IsBeforeSending(HttpRequestError error) =>
        error is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;

    static SocketsHttpHandler HandlerFor(PluginAddress address)
    {
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.Zero,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };
        if (address.SocketPath is { } path)
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(path, cancellationToken);
        if (address.Tls is { } tls)
            handler.SslOptions = tls.OptionsFor(address.Endpoint.Host);
        return handler;
    }

    static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
