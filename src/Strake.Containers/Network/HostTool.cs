using Strake.Linux;

namespace Strake.Containers.Networks;

/// <summary>Runs a program of the host to its end: bounded in time and output, with an argument vector and never through a shell.</summary>
static class HostTool
{
    static readonly ChildRunLimits Limits = new() { Timeout = TimeSpan.FromSeconds(60), OutputBytes = 64 * 1024 };

    /// <summary>Runs it.</summary>
    /// <param name="program">A path, or a name that is looked for in PATH.</param>
    /// <param name="arguments">The arguments after its name.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <param name="environment">Variables besides PATH.</param>
    /// <param name="input">Standard input.</param>
    /// <exception cref="StrakeException">Unavailable: the program is missing, cannot be run, or took too long.</exception>
    public static async Task<ToolResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken,
        IReadOnlyList<string>? environment = null,
        ReadOnlyMemory<byte> input = default)
    {
        try
        {
            var start = new ChildProcessStart
            {
                Program = program,
                Arguments = arguments,
                Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", .. environment ?? []],
            };
            ChildOutput run = await ChildProcess.RunAsync(start, input, Limits, cancellationToken);
            string errors = run.ErrorText.Trim();
            return new ToolResult(run.Status.IsSuccess, run.Output, errors.Length > 0 || run.Status.IsSuccess ? errors : run.Status.ToString());
        }
        catch (LinuxException missing)
        {
            throw StrakeException.Unavailable($"network bridge: this host cannot have one: {missing.Message}; install what is missing, or use --network none or host", missing);
        }
        catch (TimeoutException slow)
        {
            throw StrakeException.Unavailable($"network bridge: {slow.Message}", slow);
        }
    }
}
