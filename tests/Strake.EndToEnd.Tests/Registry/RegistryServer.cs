using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Registry;

/// <summary>The distribution's registry server, on a port of loopback and with a folder of its own; gone when disposed.</summary>
public sealed class RegistryServer : IAsyncDisposable
{
    readonly string _folder;
    readonly Process _server;

    RegistryServer(string folder, int port, Process server) => (_folder, Port, _server) = (folder, port, server);

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Its name in references.</summary>
    public string Host => "localhost:" + Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="security">Further lines of its configuration; null: it is open to everybody, and without encryption.</param>
    public static async Task<RegistryServer> StartAsync(RegistrySecurity? security = null)
    {
        var folder = Directory.CreateTempSubdirectory("strake-test-registry-").FullName;
        var port = FreePort();
        var config = Path.Combine(folder, "config.yml");
        await File.WriteAllTextAsync(config, $"""
            version: 0.1
            log:
              level: error
              accesslog:
                disabled: true
            storage:
              filesystem:
                rootdirectory: "{folder}/data"
              delete:
                enabled: true
            http:
              addr: "127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"
            {security?.Configuration}
            """);
        var process = Command.Start("sh", ["-c", "exec docker-registry serve \"$0\" >\"$0.log\" 2>&1 </dev/null", config]);
        var server = new RegistryServer(folder, port, process);
        await Until.TrueAsync(server.Answers, $"the registry answers on port {port.ToString(CultureInfo.InvariantCulture)}");
        return server;
    }

    /// <summary>A reference to a repository here.</summary>
    public string Name(string repository) => $"{Host}/{repository}";

    /// <summary>Copies an image between an archive or another place and this registry, with skopeo.</summary>
    public static async Task<string> SkopeoAsync(params string[] arguments) =>
        (await Command.RunAsync("unshare", ["-m", "sh", "-c", Alone, "skopeo", "--insecure-policy", .. arguments])).Ok();

    // Skopeo remembers in which forms registries have a layer, and sends none that it thinks is there: then a test depends on those before it.
    const string Alone = "mkdir -p /var/lib/containers && mount -t tmpfs tmpfs /var/lib/containers && exec skopeo \"$@\"";

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_server.HasExited) _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    bool Answers()
    {
        if (_server.HasExited) throw new InvalidOperationException("the registry ended: " + File.ReadAllText(Path.Combine(_folder, "config.yml.log")));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
