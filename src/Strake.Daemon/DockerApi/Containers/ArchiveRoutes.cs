using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Strake.Containers;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>Files in and out of a container: what <c>docker cp</c> uses.</summary>
/// <param name="containers">The containers.</param>
sealed class ArchiveRoutes(ContainerEngine containers)
{
    const string StatHeader = "X-Docker-Container-Path-Stat";

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("HEAD", "/containers/{id}/archive", StatAsync, "path"),
        new("GET", "/containers/{id}/archive", ReadAsync, "path"),
        new("PUT", "/containers/{id}/archive", WriteAsync, "path", "noOverwriteDirNonDir", "copyUIDGID"),
    ];

    async Task StatAsync(Exchange exchange)
    {
        SetStat(exchange, await containers.StatArchiveAsync(exchange.Route["id"], PathOf(exchange), exchange.Aborted));
        await exchange.WriteEmptyAsync(StatusCodes.Status200OK);
    }

    async Task ReadAsync(Exchange exchange)
    {
        await using var body = new LazyBody(exchange, "application/x-tar");
        await containers.ReadArchiveAsync(exchange.Route["id"], PathOf(exchange), body, Announce, exchange.Aborted);

        ValueTask Announce(PathStat stat)
        {
            SetStat(exchange, stat);
            return ValueTask.CompletedTask;
        }
    }

    async Task WriteAsync(Exchange exchange)
    {
        await containers.WriteArchiveAsync(
            exchange.Route["id"],
            PathOf(exchange),
            exchange.Http.Request.Body,
            exchange.Query.Flag("noOverwriteDirNonDir"),
            exchange.Query.Flag("copyUIDGID"),
            exchange.Aborted);
        await exchange.WriteEmptyAsync(StatusCodes.Status200OK);
    }

    static string PathOf(Exchange exchange) => exchange.Query.Text("path") ?? throw StrakeException.Invalid("bad parameter: path cannot be empty");

    static void SetStat(Exchange exchange, PathStat stat)
    {
        var body = new PathStatBody(stat.Name, stat.Size, stat.Mode, DockerTime.Format(stat.Mtime), stat.LinkTarget);
        exchange.Http.Response.Headers[StatHeader] = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(body, DockerJson.Plain.PathStatBody));
    }
}
