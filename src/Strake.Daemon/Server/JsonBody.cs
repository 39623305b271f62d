using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Strake.Daemon.Server;

/// <summary>Bodies that are one JSON value, with Docker's refusals.</summary>
/// <remarks>moby <c>daemon/server/httputils/httputils.go</c>: <c>ReadJSON</c>, <c>WriteJSON</c>.</remarks>
static class JsonBody
{
    static readonly byte[] s_newline = "\n"u8.ToArray();

    /// <summary>Reads a request's body whole, then as a value.</summary>
    /// <returns>The value; null for an empty body or a literal null.</returns>
    /// <exception cref="StrakeException">Invalid, TooLarge.</exception>
    public static async Task<T?> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        bool empty = request.ContentLength == 0 || (request.ContentLength is null && request.Headers.TransferEncoding.Count == 0);
        if (empty) return default;
        RefuseOtherContent(request.ContentType);
        using var body = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, Exchange.MaxJsonBytes));
        await FillAsync(request.Body, body, request.ContentLength, cancellationToken);
        return body.Length == 0 ? default : Parse(body.GetBuffer().AsSpan(0, (int)body.Length), type);
    }

    /// <summary>Writes a value as the whole response.</summary>
    public static async Task WriteAsync<T>(
        HttpResponse response, T value, JsonTypeInfo<T> type, int status, CancellationToken cancellationToken)
    {
        // Whole before the first byte goes out: a value that cannot be written then still becomes a proper 500.
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = json.Length + s_newline.Length;
        await response.Body.WriteAsync(json, cancellationToken);
        await response.Body.WriteAsync(s_newline, cancellationToken);
    }

    static void RefuseOtherContent(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return;
        ReadOnlySpan<char> media = contentType;
        int parameters = media.IndexOf(';');
        if (parameters >= 0) media = media[..parameters];
        if (!media.Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw StrakeException.Invalid($"unsupported Content-Type header ({contentType}): must be 'application/json'");
    }

    static async Task FillAsync(Stream source, MemoryStream target, long? announced, CancellationToken cancellationToken)
    {
        if (announced > Exchange.MaxJsonBytes) throw TooLarge();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (target.Length + read > Exchange.MaxJsonBytes) throw TooLarge();
                target.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static T? Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { AllowMultipleValues = true });
            T? value = JsonSerializer.Deserialize(ref reader, type);
            if (json[(int)reader.BytesConsumed..].ContainsAnyExcept(" \t\r\n"u8)) throw StrakeException.Invalid("unexpected content after JSON");
            return value;
        }
        catch (JsonException e)
        {
            throw StrakeException.Invalid($"invalid JSON: {e.Message}", e);
        }
    }

    static StrakeException TooLarge() => StrakeException.TooLarge($"the request's body is over the limit of {Exchange.MaxJsonBytes} bytes of JSON");
}
