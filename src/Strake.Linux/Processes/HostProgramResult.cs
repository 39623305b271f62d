namespace Strake.Linux;

/// <summary>What a program of the host said when it had come to its end.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Words">For a message: the program, its arguments, how it ended, and the last that it said.</param>
public sealed record HostProgramResult(ExitStatus Status, string Output, string Words);
