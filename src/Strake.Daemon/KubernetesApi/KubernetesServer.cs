using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strake.Daemon.Csi;
using Strake.Daemon.KubernetesApi.Pods;
using Strake.Daemon.Server;
using Strake.Kubernetes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Api.Admissions;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Limits;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Storage;

namespace Strake.Daemon.KubernetesApi;

/// <summary>The API server for kubectl: HTTPS with a certificate of its own, HTTP/2 and 1.1. Exists only where it is asked for.</summary>
/// <remarks>
/// It owns the listener, the services that HTTPS needs, and the controllers. The objects are in the daemon's store, and stay.
/// </remarks>
sealed class KubernetesServer : IAsyncDisposable
{
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    readonly ServiceProvider services;
    readonly KestrelServer server;
    readonly CancellationTokenSource ending = new();
    readonly TimeProvider time;
    readonly ILogger log;
    Task controllers = Task.CompletedTask;
    KubernetesApplication? application;

    KubernetesServer(IPEndPoint endPoint, Credentials credentials, TimeProvider time, ILoggerFactory logs)
    {
        this.time = time;
        log = logs.CreateLogger("kubernetes");
        services = HttpsServices.Make(logs);
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = services };
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        // Each watch is a stream, and a client has one connection for all of them.
        options.Limits.Http2.MaxStreamsPerConnection = 1000;
        options.Listen(endPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = credentials.Server,
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                // Whose it is, is asked with the first request: a status says more than a broken connection.
                ClientCertificateValidation = static (_, _, _) => true,
            });
        });
        var transport = new SocketTransportOptions { CreateBoundListenSocket = new DaemonSocket(group: null).Bind };
        server = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(transport), logs), logs);
    }

    /// <summary>Starts the server, and writes the kubeconfig that leads to it.</summary>
    /// <param name="address">Where to listen; port 0: any.</param>
    /// <param name="dataRoot">Where the credentials are.</param>
    /// <param name="execRoot">Where the kubeconfig goes.</param>
    /// <param name="state">Where the objects are.</param>
    /// <param name="storage">Makes the storage behind claims.</param>
    /// <param name="host">What pods are run with.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where it logs.</param>
    /// <param name="cancellationToken">Ends streams, and gives the start up.</param>
    /// <exception cref="StrakeException">Unavailable: the address cannot be had.</exception>
    public static async Task<KubernetesServer> StartAsync(
        ListenAddress address, string dataRoot, string execRoot, IStateStore state, Func<IObjectStore, ClaimStorage> storage, PodHost host,
        TimeProvider time, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var endPoint = (IPEndPoint)address.EndPoint;
        Credentials credentials = Credentials.Open(dataRoot, endPoint.Address, time);
        var started = new KubernetesServer(endPoint, credentials, time, logs);
        try
        {
            await started.ServeAsync(endPoint.Address, credentials, state, storage, host, logs, cancellationToken);
            KubeConfig.Write(Path.Combine(execRoot, "kubeconfig"), new IPEndPoint(endPoint.Address, started.Port), credentials);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>The port that it listens on.</summary>
    public int Port => new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("[::]", "[::1]", StringComparison.Ordinal)).Port;

    /// <summary>How many requests have begun.</summary>
    public long Requests => application?.Requests ?? 0;

    /// <summary>Stops listening, ends watches, lets other requests end.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        using (var patience = new CancellationTokenSource(s_grace, time)) await server.StopAsync(patience.Token);
        await controllers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        server.Dispose();
        await services.DisposeAsync();
        ending.Dispose();
    }

    async Task ServeAsync(
        IPAddress address, Credentials credentials, IStateStore state, Func<IObjectStore, ClaimStorage> storage, PodHost host, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var objects = new ObjectStore(state, time);
        var custom = new CustomKinds(objects);
        await custom.LookAsync(cancellationToken);
        await new NamespaceEmptier(objects, () => custom.Served.Catalog).EnsurePermanentAsync(cancellationToken);
        await new DefaultRoles(objects).EnsureAsync(cancellationToken);
        await new RoleAggregator(objects).GatherAsync(cancellationToken);
        var writer = new ObjectWriter(
            objects, [new DefaultClass(objects), new AccountToken(objects), new LimitRangeRule(objects), new ProtectionInUse(), new ClaimGrowth(objects)], [new QuotaCharge(objects, () => custom.Served.Catalog)], time);
        var access = new AccessRules(objects);
        var reads = new ReadCalls(objects, new ObjectLister(objects, time), new ObjectWatcher(objects, time), time);
        var tokens = new ServiceTokens(credentials.ServiceKey, objects, time);
        var calls = new KubernetesCalls(
            custom, new ReviewCalls(access), reads, new WriteCalls(objects, writer, reads, access), new PodCalls(objects, host.Containers, time), new TokenCalls(objects, tokens, time));
        application = new KubernetesApplication(new Authenticator(credentials, tokens), access, calls, time, logs.CreateLogger("kubernetes"), ending.Token);
        await server.StartAsync(application, cancellationToken);
        var front = new ServerFront(credentials.Authority.ExportCertificatePem() + "\n", tokens, PlaceOf(address, host));
        controllers = new KubernetesControllers(custom, objects, writer, storage, host, front, time, log).RunAsync(ending.Token);
    }

    // Who listens everywhere is reached at the machine's address.
    ServerPlace PlaceOf(IPAddress listens, PodHost host)
    {
        string? address = IPAddress.IsLoopback(listens) ? null
            : listens.Equals(IPAddress.Any) || listens.Equals(IPAddress.IPv6Any) ? host.Node().Address
            : listens.ToString();
        return new ServerPlace(string.IsNullOrEmpty(address) ? null : address, Port);
    }
}
