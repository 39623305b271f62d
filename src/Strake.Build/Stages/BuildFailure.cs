namespace Strake.Build;

/// <summary>An instruction that could not be carried out: which, where, and why.</summary>
public sealed class BuildFailure : StrakeException
{
    BuildFailure(ErrorKind kind, string message, Exception inner)
        : base(kind, message, inner)
    {
    }

    /// <summary>The file.</summary>
    public string File { get; private init; } = "";

    /// <summary>Its lines.</summary>
    public SourceLines Lines { get; private init; }

    /// <summary>The exit code of the program that failed; null where none did.</summary>
    public int? ExitCode { get; private init; }

    /// <summary>What went wrong at an instruction.</summary>
    internal static BuildFailure At(string file, Instruction instruction, StrakeException cause) =>
        new(cause.Kind, cause.Message, cause) { File = file, Lines = instruction.Lines, ExitCode = (cause as ProcessFailure)?.ExitCode };
}
