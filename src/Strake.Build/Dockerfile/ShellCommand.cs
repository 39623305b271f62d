namespace Strake.Build;

/// <summary>The shell form: a line that the stage's shell runs. Variables in it are the shell's business.</summary>
/// <param name="Line">The line; may be empty.</param>
public sealed record ShellCommand(string Line) : CommandLine;
