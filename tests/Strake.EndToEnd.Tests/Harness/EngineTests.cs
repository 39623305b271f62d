using System.Globalization;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>Tests on an engine that the class shares.</summary>
public abstract class EngineTests(LoadedEngine loaded) : IClassFixture<LoadedEngine>
{
    /// <summary>The engine under test.</summary>
    protected Engine Engine => loaded.Engine;

    /// <summary>Its docker client.</summary>
    protected DockerCli Docker => loaded.Engine.Docker;

    /// <summary>`docker run --rm --network none` of busybox with a shell line; returns its output.</summary>
    protected Task<string> BusyboxAsync(string line, params string[] options) =>
        Docker.OkAsync(["run", "--rm", "--network", "none", .. options, "busybox", "sh", "-c", line]);

    /// <summary>Starts a busybox container that waits to be stopped, and returns its name.</summary>
    protected async Task<string> SleeperAsync(params string[] options)
    {
        var name = Engine.NewContainer();
        await Docker.OkAsync(["run", "-d", "--name", name, "--network", "none", .. options, "busybox", "sh", "-c", "trap 'exit 0' TERM; sleep 1000 & wait"]);
        await HandlesAsync(name, Term);
        return name;
    }

    /// <summary>
    /// Waits until a container's first process catches or ignores a signal. Before, the kernel drops what is sent to it, for it is the
    /// first of its PID namespace.
    /// </summary>
    /// <param name="name">The container; it runs.</param>
    /// <param name="signal">The signal's number.</param>
    protected async Task HandlesAsync(string name, int signal)
    {
        var status = $"/proc/{await Docker.ValueAsync(name, "{{.State.Pid}}")}/status";
        await Until.TrueAsync(async () => (await File.ReadAllLinesAsync(status, TestContext.Current.CancellationToken))
            .Where(static line => line.StartsWith("SigCgt:", StringComparison.Ordinal) || line.StartsWith("SigIgn:", StringComparison.Ordinal))
            .Any(line => (ulong.Parse(line.AsSpan("SigCgt:".Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1),
            $"{name} handles signal {signal}");
    }

    /// <summary>SIGTERM.</summary>
    protected const int Term = 15;

    /// <summary>Skips a test that asks for what Docker does not do.</summary>
    protected static void StrakeOnly(string why) => Assert.SkipUnless(Engine.IsStrake, $"Docker does otherwise: {why}");
}
