namespace Strake.Containers.Runtime;

/// <summary>What a runtime says when a process cannot be started, in Docker's words. Pure.</summary>
/// <param name="Reason">What went wrong.</param>
/// <param name="ExitCode">127: there is no such program; 126: it cannot be run; 128: something else.</param>
sealed record RuntimeFailure(string Reason, int ExitCode)
{
    const int NotFound = 127;
    const int NotExecutable = 126;
    const int Other = 128;

    /// <summary>The failure as the answer to a start.</summary>
    public string CreateMessage =>
        $"failed to create task for container: failed to create shim task: OCI runtime create failed: {Reason}: unknown";

    /// <summary>The failure as the answer to an exec.</summary>
    public string ExecMessage => $"OCI runtime exec failed: exec failed: {Reason}: unknown";

    /// <summary>Understands what runc or crun wrote.</summary>
    /// <param name="words">Its stderr.</param>
    /// <param name="program">The program that was to be run.</param>
    public static RuntimeFailure Of(string words, string program)
    {
        string text = Plain(words.Trim());
        string? known = text switch
        {
            // crun: executable file `x` not found in $PATH: No such file or directory
            _ when Says(text, "not found in $PATH") || Says(text, "executable file not found") => program.Contains('/', StringComparison.Ordinal)
                ? $"exec: \"{program}\": stat {program}: no such file or directory"
                : $"exec: \"{program}\": executable file not found in $PATH",
            // crun: open executable: Permission denied; runc: exec: "x": permission denied
            _ when Says(text, "open executable: Permission denied") || Says(text, $"exec: \"{program}\": permission denied") =>
                $"exec: \"{program}\": permission denied",
            _ when Says(text, "open executable: Is a directory") || Says(text, $"exec: \"{program}\": is a directory") =>
                $"exec: \"{program}\": is a directory",
            _ when Says(text, $"stat {program}: no such file or directory") => $"exec: \"{program}\": stat {program}: no such file or directory",
            _ => null,
        };
        return known is null ? new RuntimeFailure(text, CodeOf(text)) : new RuntimeFailure($"unable to start container process: {known}", CodeOf(known));
    }

    // runc writes time="…" level=error msg="…", the message quoted as Go quotes; what matters is the last such line.
    static string Plain(string text)
    {
        const string label = "msg=\"";
        int start = text.LastIndexOf(label, StringComparison.Ordinal);
        if (start < 0 || !text.EndsWith('"'))
            return text;
        string message = text[(start + label.Length)..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        // "runc create failed: unable to …": the caller says the first part.
        int failed = message.IndexOf(" failed: ", StringComparison.Ordinal);
        return message.StartsWith("runc ", StringComparison.Ordinal) && failed > 0 ? message[(failed + " failed: ".Length)..] : message;
    }

    // The words that Docker's client looks for, too.
    static int CodeOf(string text) => text switch
    {
        _ when Says(text, "executable file not found") || Says(text, "no such file or directory") => NotFound,
        _ when Says(text, "permission denied") || Says(text, "is a directory") => NotExecutable,
        _ => Other,
    };

    static bool Says(string text, string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
}
