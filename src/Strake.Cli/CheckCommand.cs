using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Strake.Daemon.Composition;
using Strake.Daemon.Configuration;
using Strake.Daemon.Server;
using Strake.State;

namespace Strake.Cli;

/// <summary><c>strake fsck</c>: asks the running daemon, or opens the stores itself.</summary>
static class CheckCommand
{
    /// <summary>It could not be checked, which must not look like a sound store.</summary>
    const int Unchecked = 2;

    /// <summary>Prints what is wrong.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, TextWriter errors)
    {
        DaemonOptions options = DaemonOptionsReader.Read(words);
        try
        {
            IReadOnlyList<string> findings = PidFile.FindHolder(options.PidPath) is null
                ? await StoreCheckHost.RunAsync(options, TimeProvider.System)
                : await AskAsync(options);
            foreach (string finding in findings) await output.WriteLineAsync(finding);
            await output.WriteLineAsync(findings.Count.ToString(CultureInfo.InvariantCulture) + " findings");
            return findings.Count == 0 ? 0 : Commands.Failed;
        }
        catch (Exception e) when (e is StrakeException or HttpRequestException or IOException or JsonException)
        {
            await errors.WriteLineAsync($"strake fsck: it could not be checked: {e.Message}");
            return Unchecked;
        }
    }

    static async Task<IReadOnlyList<string>> AskAsync(DaemonOptions options)
    {
        ListenAddress address = options.ListenAddresses[0];
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, cancellationToken) => ConnectAsync(address, cancellationToken) };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using HttpResponseMessage response = await client.PostAsync(new Uri("http://strake/strake/fsck"), content: null);
        string body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw StrakeException.Unavailable($"the daemon answered {(int)response.StatusCode}: {body.Trim()}");
        return JsonSerializer.Deserialize(body, StoreCheckJson.Default.StoreCheckReport)?.Findings
            ?? throw StrakeException.Unavailable("the daemon answered nothing");
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
