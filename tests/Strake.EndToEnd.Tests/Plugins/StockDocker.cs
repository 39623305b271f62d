using System.Diagnostics;
using System.Globalization;
using Strake.EndToEnd.Tests.Harness;

namespace Strake.EndToEnd.Tests.Plugins;

/// <summary>
/// A stock dockerd, started for a test in a <see cref="PeerRoot"/>. What it writes lies in the test's folder, and with its first process all
/// of it ends.
/// </summary>
public sealed class StockDocker : IAsyncDisposable
{
    readonly string folder;
    Process? process;

    StockDocker(string folder)
    {
        this.folder = folder;
        Client = new DockerCli($"unix://{Socket}", Directory.CreateDirectory(Path.Combine(folder, "config")).FullName);
    }

    /// <summary>Its client.</summary>
    public DockerCli Client { get; }

    string Socket => Path.Combine(folder, "s");

    // Its containers' cgroups stand below one that has the test's name.
    string CgroupParent => "/" + Path.GetFileName(folder);

    /// <summary>Skips the test where there is none.</summary>
    public static void Require() => PeerRoot.Require("dockerd", "docker.io");

    /// <summary>Starts one, and waits until it answers.</summary>
    /// <param name="folder">A folder for it, below that for temporary files.</param>
    /// <param name="plugins">A folder that it sees at <c>/etc/docker/plugins</c>.</param>
    public static async Task<StockDocker> StartAsync(string folder, string plugins)
    {
        Require();
        var docker = new StockDocker(folder);
        try
        {
            await docker.LaunchAsync(plugins);
            return docker;
        }
        catch
        {
            await docker.DisposeAsync();
            throw;
        }
    }

    async Task LaunchAsync(string plugins)
    {
        string[] dockerd = ["dockerd", "--data-root", Path.Combine(folder, "d"), "--exec-root", Path.Combine(folder, "x"), "--pidfile", Path.Combine(folder, "pid"),
            "-H", $"unix://{Socket}", "--cgroup-parent", CgroupParent, "--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false"];
        process = Command.Start("sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", Log,
            .. PeerRoot.Command(Directory.CreateDirectory(Path.Combine(folder, "view")).FullName, plugins, dockerd)]);
        await Until.TrueAsync(AnswersAsync, "dockerd answers", TimeSpan.FromMinutes(1));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            process = null;
        }

        // The namespace's other processes are killed with its first one, and end a moment later.
        await Until.TrueAsync(() => Leftovers.ProcessesOf(folder).Count == 0, "dockerd and its containers have ended");
        // The deepest first.
        foreach (var cgroup in Directory.EnumerateDirectories("/sys/fs/cgroup", "*", SearchOption.AllDirectories).Where(IsOwn).OrderByDescending(static path => path.Length).ToList())
            Directory.Delete(cgroup);
    }

    bool IsOwn(string cgroup) => (cgroup + "/").Contains(CgroupParent + "/", StringComparison.Ordinal);

    string Log => Path.Combine(folder, "log");

    async Task<bool> AnswersAsync()
    {
        if (process is { HasExited: true })
        {
            var said = await File.ReadAllTextAsync(Log);
            throw new InvalidOperationException($"dockerd ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)}:\n{said}");
        }

        return File.Exists(Socket) && (await Client.RunAsync("version", "--format", "{{.Server.Version}}")).Code == 0;
    }
}
