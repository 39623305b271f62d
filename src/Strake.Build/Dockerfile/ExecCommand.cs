namespace Strake.Build;

/// <summary>The exec form, a JSON array: a program and its arguments, run without a shell.</summary>
/// <param name="Words">Program and arguments, as they are; may be none (<c>CMD []</c> takes an inherited command away).</param>
public sealed record ExecCommand(ValueList<string> Words) : CommandLine;
