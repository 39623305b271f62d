using System.Diagnostics;
using System.Globalization;
using Strake.Csi;
using Strake.EndToEnd.Tests.Harness;
using Strake.Grpc;

namespace Strake.EndToEnd.Tests.Csi;

/// <summary><c>strake csi</c> as a process, on roots of its own.</summary>
public sealed class CsiProcess : IAsyncDisposable
{
    readonly TestRoot root;
    Process? process;

    CsiProcess(TestRoot root) => this.root = root;

    /// <summary>Its endpoint.</summary>
    public GrpcAddress Address => GrpcAddress.Unix(Path.Combine(root.Path, "csi.sock"));

    /// <summary>Its volumes.</summary>
    public string Volumes => Path.Combine(root.Path, "d", "volumes");

    /// <summary>A folder for places of volumes.</summary>
    public string Places => root.Folder("places");

    /// <summary>Whether it runs.</summary>
    public bool IsUp => process is { HasExited: false };

    /// <summary>Its folder, where it does not run yet.</summary>
    public static async Task<CsiProcess> PrepareAsync() => new(await TestRoot.CreateAsync());

    /// <summary>Starts it, and waits until it answers, or has ended.</summary>
    /// <param name="environment">Variables for it; null: none.</param>
    public async Task StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        process?.Dispose();
        var start = new ProcessStartInfo(TestSetting.Program)
        {
            ArgumentList = { "csi", "--endpoint", Address.ToString(), "--data-root", Path.Combine(root.Path, "d"), "--node-id", "node-1" },
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        process = Process.Start(start)!;
        // What it says is of interest only where it fails to start; read, so that it never waits.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        using var channel = GrpcChannel.To(Address, new GrpcChannelOptions());
        await Until.TrueAsync(async () => process.HasExited || await AnswersAsync(channel), "strake csi answers");
    }

    /// <summary>Waits until it has died of its fault.</summary>
    public Task DiesAsync() => process!.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await Command.RunAsync("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await DiesAsync();
        }

        process?.Dispose();
        await root.DisposeAsync();
    }

    static async Task<bool> AnswersAsync(GrpcChannel channel)
    {
        try
        {
            await channel.CallAsync(IdentityMethods.Probe, new ProbeRequest(), new GrpcCallOptions { Timeout = TimeSpan.FromSeconds(5) }, CancellationToken.None);
            return true;
        }
        catch (GrpcException)
        {
            return false;
        }
    }
}
