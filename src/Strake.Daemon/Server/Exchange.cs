using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Strake.Daemon.Server;

/// <summary>One request and its response, as a route's handler sees them.</summary>
sealed class Exchange
{
    /// <summary>The longest JSON body that is read: far above any container's options, far below what would hurt.</summary>
    public const int MaxJsonBytes = 4 * 1024 * 1024;

    /// <summary>Wraps a request that a route was found for.</summary>
    /// <param name="http">Kestrel's view of it.</param>
    /// <param name="match">The route.</param>
    /// <param name="stopping">Ends when the daemon goes down: streams without an end watch it.</param>
    public Exchange(HttpContext http, RouteMatch match, CancellationToken stopping)
    {
        Http = http;
        Route = match.Values;
        Version = match.Version ?? ApiVersion.Newest;
        Query = new QueryParameters(http.Request.Query);
        Stopping = stopping;
    }

    /// <summary>Kestrel's view, for what this type does not offer.</summary>
    public HttpContext Http { get; }

    /// <summary>What stood in the holes of the path.</summary>
    public RouteValues Route { get; }

    /// <summary>The version of the API that the client speaks.</summary>
    public ApiVersion Version { get; }

    /// <summary>The query.</summary>
    public QueryParameters Query { get; }

    /// <summary>Ends when the client has gone.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Ends when the daemon goes down.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>A parameter of the query that must be there.</summary>
    /// <exception cref="StrakeException">Invalid: it is not; names it.</exception>
    public string Required(string parameter) => Query.Text(parameter) ?? throw StrakeException.Invalid($"the parameter {parameter} is missing");

    /// <summary>Reads the body as one JSON value.</summary>
    /// <param name="type">How to read it.</param>
    /// <returns>The value; null for a missing body or a literal null.</returns>
    /// <exception cref="StrakeException">Invalid: no JSON, or not of that type. TooLarge: over <see cref="MaxJsonBytes"/>.</exception>
    public Task<T?> ReadOptionalJsonAsync<T>(JsonTypeInfo<T> type) => JsonBody.ReadAsync(Http.Request, type, Aborted);

    /// <summary>As <see cref="ReadOptionalJsonAsync"/>, for a body that must be there.</summary>
    /// <exception cref="StrakeException">Invalid: there is none.</exception>
    public async Task<T> ReadJsonAsync<T>(JsonTypeInfo<T> type)
        where T : class =>
        await ReadOptionalJsonAsync(type) ?? throw StrakeException.Invalid("invalid JSON: got EOF while reading request body");

    /// <summary>Answers with a JSON value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="type">How to write it.</param>
    /// <param name="status">The HTTP status.</param>
    public Task WriteJsonAsync<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) =>
        JsonBody.WriteAsync(Http.Response, value, type, status, Aborted);

    /// <summary>Answers without a body.</summary>
    /// <param name="status">The HTTP status.</param>
    public Task WriteEmptyAsync(int status = StatusCodes.Status204NoContent)
    {
        Http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Answers with plain text.</summary>
    public Task WriteTextAsync(string text, int status = StatusCodes.Status200OK)
    {
        Http.Response.StatusCode = status;
        Http.Response.ContentType = "text/plain; charset=utf-8";
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Http.Response.ContentLength = bytes.Length;
        return Http.Response.Body.WriteAsync(bytes, Aborted).AsTask();
    }

    /// <summary>
    /// Sends status and headers now and gives the body's stream. What is written to it waits until the client has taken what was written
    /// before; what is flushed goes out at once.
    /// </summary>
    /// <param name="contentType">The body's type.</param>
    public async Task<Stream> StartStreamAsync(string contentType)
    {
        Http.Response.StatusCode = StatusCodes.Status200OK;
        Http.Response.ContentType = contentType;
        Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await Http.Response.StartAsync(Aborted);
        await Http.Response.Body.FlushAsync(Aborted);
        return Http.Response.Body;
    }
}
