namespace Strake.Containers;

/// <summary>How an exec is started: the body of Docker's exec start.</summary>
/// <param name="Detach">Whether the client does not wait for it.</param>
/// <param name="Tty">Whether the client expects a terminal's raw stream.</param>
/// <param name="ConsoleSize">The terminal's first size: height, width.</param>
public sealed record ExecStart(bool Detach = false, bool Tty = false, IReadOnlyList<int>? ConsoleSize = null);
