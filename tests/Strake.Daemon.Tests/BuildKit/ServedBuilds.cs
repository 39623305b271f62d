using Microsoft.Extensions.Logging.Abstractions;
using Strake.Daemon.BuildKit;
using Strake.Daemon.Server;
using Strake.Daemon.Tests.Server;

namespace Strake.Daemon.Tests.BuildKit;

/// <summary>A server of BuildKit's protocol on a socket of its own, over a builder that a test has made up; and what clients ask beside.</summary>
sealed class ServedBuilds : IAsyncDisposable
{
    readonly ServedApi api;

    ServedBuilds(FakeBackend backend, ServedApi api)
    {
        Backend = backend;
        this.api = api;
    }

    public FakeBackend Backend { get; }

    public string SocketPath => api.SocketPath;

    public ServedApi Api => api;

    public static async Task<ServedBuilds> StartAsync(FakeBackend? backend = null)
    {
        backend ??= new FakeBackend();
        var builds = new BuildKitRoutes(() => backend, TimeProvider.System, NullLogger.Instance);
        var router = new Router(
        [
            .. builds.All,
            new("HEAD", "/_ping", exchange => exchange.WriteEmptyAsync(200)),
            new("GET", "/_ping", exchange => exchange.WriteTextAsync("OK")),
            new("GET", "/version", exchange => exchange.WriteTextAsync("{\"Version\":\"28.5.0\",\"ApiVersion\":\"1.51\"}")),
            new("GET", "/info", exchange => exchange.WriteTextAsync("{}")),
        ])
        {
            Calls = builds.AnswerAsync,
        };
        return new ServedBuilds(backend, await ServedApi.StartAsync(router));
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();
}
