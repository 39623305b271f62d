using Microsoft.Extensions.Logging.Abstractions;
using Strake.Csi;
using Strake.Daemon.Composition;
using Strake.Grpc;

namespace Strake.Daemon.Csi;

/// <summary>The flight recorder: a proxy in front of any driver that writes calls down, or makes them hard, and tells which rules are broken.</summary>
public static class CsiRecorderHost
{
    /// <summary>Passes calls on and writes them down until a signal ends it.</summary>
    /// <param name="driver">The driver's socket.</param>
    /// <param name="listen">Where it is served in the driver's place.</param>
    /// <param name="recording">Receives a line for each call.</param>
    /// <param name="output">Receives a line for each broken rule.</param>
    /// <returns>How many rules were broken.</returns>
    /// <exception cref="StrakeException">Unavailable: the socket cannot be had.</exception>
    public static Task<int> RecordAsync(GrpcAddress driver, GrpcAddress listen, TextWriter recording, TextWriter output)
    {
        TextWriter lines = TextWriter.Synchronized(recording);
        void Write(CsiExchange exchange)
        {
            lines.WriteLine(CsiRecording.Write(exchange));
            lines.Flush();   // What was seen last before a crash is what the recording is for.
        }

        return ServeAsync(driver, listen, (channel, tell) => new CsiProxy(channel, Write, tell), output);
    }

    /// <summary>Passes calls on, more than once, late, and cut off, until a signal ends it.</summary>
    /// <param name="driver">The driver's socket.</param>
    /// <param name="listen">Where it is served in the driver's place.</param>
    /// <param name="seed">Decides what happens.</param>
    /// <param name="output">Receives a line for each broken rule.</param>
    /// <returns>How many rules were broken.</returns>
    /// <exception cref="StrakeException">Unavailable: the socket cannot be had.</exception>
    public static Task<int> TortureAsync(GrpcAddress driver, GrpcAddress listen, int seed, TextWriter output) =>
        ServeAsync(driver, listen, (channel, tell) => new CsiTorture(channel, new Random(seed), TimeProvider.System, static _ => { }, tell), output);

    /// <summary>Makes recorded calls again.</summary>
    /// <param name="driver">The driver's socket.</param>
    /// <param name="recording">The lines.</param>
    /// <param name="output">Receives a line for each difference and each broken rule.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="StrakeException">Invalid: a line is none.</exception>
    public static async Task<int> ReplayAsync(GrpcAddress driver, TextReader recording, TextWriter output)
    {
        using var signals = new StopSignals();
        using GrpcChannel channel = GrpcChannel.To(driver, new GrpcChannelOptions());
        int differences = 0;
        int calls = 0;
        await CsiRecording.ReplayAsync(
            LinesOf(recording), channel, _ => calls++,
            difference =>
            {
                differences++;
                output.WriteLine(difference);
            },
            signals.Token);
        await output.WriteLineAsync($"{calls} calls, {differences} differences");
        return differences;
    }

    static async Task<int> ServeAsync(GrpcAddress driver, GrpcAddress listen, Func<GrpcChannel, Action<CsiBreach>, CsiProxy> proxyOf, TextWriter output)
    {
        using var signals = new StopSignals();
        using GrpcChannel channel = GrpcChannel.To(driver, new GrpcChannelOptions());
        TextWriter told = TextWriter.Synchronized(output);
        int breaches = 0;
        CsiProxy proxy = proxyOf(channel, breach =>
        {
            Interlocked.Increment(ref breaches);
            told.WriteLine(breach);
        });
        try
        {
            await using GrpcHost host = await GrpcHost.StartAsync(
                new GrpcServer(proxy.Handlers, new GrpcServerOptions { Describe = CsiStatus.Of }),
                new GrpcHostOptions { Addresses = [listen], Logs = NullLoggerFactory.Instance }, signals.Token);
            await told.WriteLineAsync($"{listen} stands for {driver}");
            var ended = new TaskCompletionSource();
            await using (signals.Token.Register(ended.SetResult)) await ended.Task;
        }
        catch (IOException taken)
        {
            throw StrakeException.Unavailable($"listen at {listen}: {taken.Message}", taken);
        }

        await told.WriteLineAsync($"{breaches} breaches");
        return breaches;
    }

    static async IAsyncEnumerable<string> LinesOf(TextReader reader)
    {
        while (await reader.ReadLineAsync() is { } line) yield return line;
    }
}
