using System.Diagnostics;
using System.Text;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>Runs a program with a bound on its time and its output.</summary>
public static class Command
{
    const int OutputLimit = 16 << 20;

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Name on PATH, or path.</param>
    /// <param name="arguments">Its arguments, unquoted.</param>
    /// <param name="environment">Variables that are set beside those of this process; null: none.</param>
    /// <param name="input">Its standard input, then its end; null: empty.</param>
    /// <param name="timeout">After it the program and its children are killed; null: two minutes.</param>
    /// <param name="holdInput">Its standard input does not end before it does.</param>
    /// <exception cref="TimeoutException">The program did not end in time, or printed more than 16 MiB.</exception>
    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        byte[]? input = null, TimeSpan? timeout = null, bool holdInput = false)
    {
        using var process = Start(program, arguments, environment);
        using var deadline = new CancellationTokenSource((timeout ?? TimeSpan.FromMinutes(2)) * TestSetting.Patience, TimeProvider.System);
        var line = $"{program} {string.Join(' ', process.StartInfo.ArgumentList)}";
        var output = ReadAsync(process.StandardOutput.BaseStream, deadline.Token);
        var error = ReadAsync(process.StandardError.BaseStream, deadline.Token);
        try
        {
            if (!holdInput) await WriteAsync(process.StandardInput.BaseStream, input, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new CommandResult(line, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"`{line}` did not end in time", late);
        }
    }

    /// <summary>Starts a program whose three streams are pipes; the caller disposes and, where needed, kills.</summary>
    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal)) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    // A program may end without reading its input: that the pipe is broken is then no error.
    static async Task WriteAsync(Stream target, byte[]? input, CancellationToken cancel)
    {
        try
        {
            if (input is not null) await target.WriteAsync(input, cancel);
            target.Close();
        }
        catch (IOException broken) when (input is not null)
        {
            Trace.WriteLine(broken.Message);
        }
    }

    static async Task<string> ReadAsync(Stream source, CancellationToken cancel)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (await source.ReadAsync(buffer, cancel) is var count and > 0)
        {
            if (all.Length + count > OutputLimit) throw new TimeoutException("a command printed more than 16 MiB");
            all.Write(buffer, 0, count);
        }
        return Encoding.UTF8.GetString(all.GetBuffer(), 0, (int)all.Length);
    }
}
