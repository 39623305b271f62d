using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>Runs the runtime's commands on a container that exists.</summary>
/// <param name="runtime">The runtime.</param>
/// <param name="folder">Where running containers lie.</param>
/// <param name="mounts">Where the runtime can be started.</param>
/// <param name="time">The clock.</param>
sealed class RuntimeCommand(OciRuntime runtime, RunFolder folder, MountThread mounts, TimeProvider time)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs one command.</summary>
    /// <param name="id">The container.</param>
    /// <param name="words">The command and its options; the container's id follows.</param>
    /// <exception cref="StrakeException">Internal: it failed, with its words. Unavailable: it did not end.</exception>
    public async Task RunAsync(string id, params string[] words)
    {
        var start = new ChildProcessStart
        {
            Program = runtime.Path,
            Arguments = [$"--root={folder.RuntimeRoot}", .. words, id],
            Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            WorkingDirectory = "/",
        };
        try
        {
            // The child is made before the first wait, and so on the thread that the call is made on.
            Task<ChildOutput> running = await mounts.InRuntimeViewAsync(
                () => ChildProcess.RunAsync(start, new ChildRunLimits { Timeout = Patience, TimeProvider = time, OutputBytes = 16 * 1024 }, CancellationToken.None));
            ChildOutput output = await running;
            if (!output.Status.IsSuccess)
                throw StrakeException.Internal($"{runtime.Name} {words[0]} of container {id} failed ({output.Status}): {output.ErrorText.Trim()}");
        }
        catch (TimeoutException e)
        {
            throw StrakeException.Unavailable($"{runtime.Name} {words[0]} of container {id}: {e.Message}", e);
        }
    }
}
