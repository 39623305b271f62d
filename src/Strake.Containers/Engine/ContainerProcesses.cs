using System.Globalization;
using Strake.Containers.Lifecycle;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Lists a container's processes with the host's ps(1).</summary>
sealed class ContainerProcesses(EngineContext context)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>As <see cref="ContainerEngine.TopAsync"/>.</summary>
    public async Task<TopListing> ListAsync(ContainerUnit unit, string? psArgs, CancellationToken cancellationToken)
    {
        ContainerControl.Require(unit, LifecycleRequest.Top);
        string[] arguments = (psArgs is { Length: > 0 } given ? given : "-ef").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = new ChildProcessStart { Program = "ps", Arguments = arguments, Environment = ["PATH=/usr/bin:/bin"], WorkingDirectory = "/" };
        ChildOutput output = await ChildProcess.RunAsync(
            start, new ChildRunLimits { Timeout = Patience, TimeProvider = context.Time, OutputBytes = 8 << 20 }, cancellationToken);
        if (!output.Status.IsSuccess)
            throw StrakeException.Invalid($"error running ps: {output.ErrorText.Trim()}");
        return Parse(output.OutputText, [.. context.Remains.ProcessesIn(context.CgroupOf(unit.Container))]);
    }

    /// <summary>The lines of some processes. Pure.</summary>
    /// <param name="text">What ps wrote; one of its columns is the process's number.</param>
    /// <param name="processes">The processes.</param>
    /// <exception cref="StrakeException">Invalid: there is no such column.</exception>
    internal static TopListing Parse(string text, HashSet<int> processes)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] titles = lines.Length == 0 ? [] : lines[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        int pid = Array.IndexOf(titles, "PID");
        if (pid < 0)
            throw StrakeException.Invalid("Couldn't find PID field in ps output");

        List<IReadOnlyList<string>> rows = [];
        foreach (string line in lines.Skip(1))
        {
            string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < titles.Length || !int.TryParse(fields[pid], NumberStyles.None, CultureInfo.InvariantCulture, out int process) || !processes.Contains(process))
                continue;
            // The last column is the command, with blanks of its own.
            rows.Add([.. fields.Take(titles.Length - 1), string.Join(' ', fields.Skip(titles.Length - 1))]);
        }

        return new TopListing(titles, rows);
    }
}
