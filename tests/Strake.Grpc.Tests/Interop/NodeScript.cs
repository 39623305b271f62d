using System.Diagnostics;

namespace Strake.Grpc.Tests.Interop;

/// <summary>A script beside this file, run by node with <c>@grpc/grpc-js</c>, which <c>eng/setup --test</c> puts into the cache.</summary>
sealed class NodeScript : IAsyncDisposable
{
    readonly Process process;

    NodeScript(Process process) => this.process = process;

    static string Modules => Path.Combine(Environment.GetEnvironmentVariable("STRAKE_CACHE") ?? "/var/cache/strake", "grpc-js", "node_modules");

    public static void SkipWhereMissing() =>
        Assert.SkipUnless(Directory.Exists(Path.Combine(Modules, "@grpc", "grpc-js")), $"there is no @grpc/grpc-js in {Modules}; eng/setup --test fetches it");

    public static NodeScript Start(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Interop", name), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NODE_PATH"] = Modules },
        };
        return new NodeScript(Process.Start(start)!);
    }

    /// <summary>The next line that it prints; null when it has ended.</summary>
    public Task<string?> ReadLineAsync(CancellationToken cancellationToken) => process.StandardOutput.ReadLineAsync(cancellationToken).AsTask();

    /// <summary>Waits for its end, which must be a good one.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        string errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, errors);
    }

    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
