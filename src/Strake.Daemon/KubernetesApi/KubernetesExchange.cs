using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>One request and its response, as a call's handler sees them.</summary>
/// <param name="http">Kestrel's view.</param>
/// <param name="user">Who asks.</param>
/// <param name="stopping">Ends when the daemon goes down.</param>
sealed class KubernetesExchange(HttpContext http, UserIdentity user, CancellationToken stopping)
{
    /// <summary>The longest body, as the API server of Kubernetes has it.</summary>
    const int MaxBodyBytes = 3 * 1024 * 1024;

    /// <summary>The media type of YAML.</summary>
    public const string YamlType = "application/yaml";

    const string JsonType = "application/json";

    /// <summary>Kestrel's view, for what this type does not offer.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>Who asks.</summary>
    public UserIdentity User { get; } = user;

    /// <summary>What the path names.</summary>
    public KubernetesPath Path { get; } = KubernetesPath.Parse(http.Request.Path.Value ?? "");

    /// <summary>Ends when the client has gone.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Ends when the daemon goes down.</summary>
    public CancellationToken Stopping { get; } = stopping;

    /// <summary>The method.</summary>
    public string Method => Http.Request.Method;

    /// <summary>The form in which the client wants objects.</summary>
    /// <exception cref="StatusException">NotAcceptable: none that there is.</exception>
    public AnswerForm Form => AnswerForm.Parse(Http.Request.Headers.Accept.ToString())
        ?? throw new StatusException(new(406, "NotAcceptable", "only the following media types are accepted: application/json, application/yaml"));

    // Said of the first of both that the client names: what is asked for as a table, or may be anything, is JSON.
    bool WantsYaml => Http.Request.Headers.Accept.ToString().Split(',', StringSplitOptions.TrimEntries)
        .FirstOrDefault(static one => one.Split(';')[0].TrimEnd() is YamlType or JsonType or "application/*" or "*/*")?.StartsWith(YamlType, StringComparison.Ordinal) is true;

    /// <summary>A parameter of the query; empty when it is missing.</summary>
    public string Query(string name) => Http.Request.Query[name].ToString();

    /// <summary>A parameter of the query that is yes or no; false when it is missing.</summary>
    public bool Flag(string name) => Query(name) is "true" or "1" or "t" or "True";

    /// <summary>A parameter of the query that is a number; null when it is missing.</summary>
    /// <exception cref="StatusException">BadRequest: it is none.</exception>
    public long? Number(string name)
    {
        string text = Query(name);
        if (text.Length == 0) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw StatusException.BadRequest($"the parameter {name} wants a number, not \"{text}\"");
    }

    /// <summary>The body's type, without parameters.</summary>
    public string ContentType => (Http.Request.ContentType ?? "").Split(';')[0].Trim();

    /// <summary>Reads the body whole; YAML comes as the JSON that it means.</summary>
    /// <exception cref="StatusException">RequestEntityTooLarge. BadRequest: it is said to be YAML, and is none.</exception>
    public async Task<byte[]> ReadBodyAsync()
    {
        byte[] body = await ReadBytesAsync();
        return body.Length > 0 && ContentType is YamlType or "application/apply-patch+yaml" ? YamlReader.ToJson(body, MaxBodyBytes) : body;
    }

    async Task<byte[]> ReadBytesAsync()
    {
        using var body = new MemoryStream();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            int read;
            while ((read = await Http.Request.Body.ReadAsync(buffer, Aborted)) > 0)
            {
                if (body.Length + read > MaxBodyBytes) throw new StatusException(new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {MaxBodyBytes}"));
                body.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return body.ToArray();
    }

    /// <summary>Tells the client of something odd.</summary>
    public void Warn(string text) => Http.Response.Headers.Append(
        HeaderNames.Warning, $"299 - \"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");

    /// <summary>Answers with JSON.</summary>
    /// <param name="content">Writes it.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">Its type.</param>
    public async Task WriteAsync(Action<Utf8JsonWriter> content, int status = StatusCodes.Status200OK, string contentType = "application/json")
    {
        // Whole before the first byte goes out: what cannot be written then still becomes a proper failure.
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, ObjectJson.Writing)) content(writer);
        await WriteAsync(buffer.WrittenMemory, status, contentType);
    }

    /// <summary>Answers with bytes; JSON becomes YAML for who wants that.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> body, int status, string contentType)
    {
        if (contentType is JsonType && WantsYaml) (body, contentType) = (YamlWriter.Of(body), YamlType);
        Http.Response.StatusCode = status;
        Http.Response.ContentType = contentType;
        Http.Response.ContentLength = body.Length;
        await Http.Response.Body.WriteAsync(body, Aborted);
    }
}
