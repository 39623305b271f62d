using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Strake.Daemon.BuildKit.Control;
using Strake.Daemon.BuildKit.Gateway;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Daemon.BuildKit.Solving;
using Strake.Daemon.Server;
using Strake.Grpc;

namespace Strake.Daemon.BuildKit;

/// <summary>
/// BuildKit's protocol on Docker's socket: POST /grpc, whose connection carries calls to the daemon from there on; POST /session, whose
/// connection carries calls to the client; and calls from clients that speak HTTP/2 from the start.
/// </summary>
/// <remarks>Nothing is made before the first call.</remarks>
sealed class BuildKitRoutes
{
    const string Protocol = "h2c";

    /// <summary>As large as messages of BuildKit may be.</summary>
    const int MaxMessageBytes = 16 * 1024 * 1024;

    readonly Lazy<GrpcServer> server;
    readonly Lazy<BuildSessions> sessions;
    readonly TimeProvider time;

    /// <summary>The routes over a backend.</summary>
    /// <param name="backend">Does the building; made with the first call.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where calls are told.</param>
    public BuildKitRoutes(Func<IBuildBackend> backend, TimeProvider time, ILogger log)
    {
        this.time = time;
        sessions = new Lazy<BuildSessions>(() => new BuildSessions(time, log));
        server = new Lazy<GrpcServer>(() => Make(backend(), log));
    }

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("POST", "/grpc", UpgradeAsync) { TakesAnyQuery = true },
        new("POST", "/session", OpenSessionAsync) { TakesAnyQuery = true },
    ];

    /// <summary>Answers a call.</summary>
    public Task AnswerAsync(HttpContext http) => server.Value.HandleAsync(http);

    async Task UpgradeAsync(Exchange exchange)
    {
        HandedConnections handed = exchange.Http.Features.GetRequiredFeature<HandedConnections>();
        await using HijackedConnection connection = await HijackedConnection.UpgradeAsync(exchange.Http, Protocol, time);
        await using var stream = new HijackedStream(connection);
        await handed.ServeAsync(new StreamPipe(stream), connection.Gone, exchange.Http.Abort);
    }

    async Task OpenSessionAsync(Exchange exchange)
    {
        SessionOffer offer = SessionOffer.Read(exchange.Http.Request.Headers);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        await using HijackedConnection connection = await HijackedConnection.UpgradeAsync(exchange.Http, Protocol, time);
        await using var stream = new HijackedStream(connection);
        await sessions.Value.RunAsync(offer, stream, ended.Token);
    }

    GrpcServer Make(IBuildBackend backend, ILogger log)
    {
        var solves = new SolveTable(time);
        GrpcHandler[] handlers =
        [
            .. new ControlService(backend, sessions.Value, solves, time).Handlers,
            .. new CacheService(backend).Handlers,
            .. new HistoryService(solves, time).Handlers,
            .. new BridgeService(backend, solves).Handlers,
        ];
        return new GrpcServer(handlers, new GrpcServerOptions { MaxMessageBytes = MaxMessageBytes, Time = time, Describe = SolveStatus.Of, Log = log });
    }
}
