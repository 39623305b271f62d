namespace Strake.Containers.Runtime;

/// <summary>What conmon has to know of an exec; its process stands in <c>process.json</c>.</summary>
/// <param name="ContainerId">The container.</param>
/// <param name="ExecId">The exec.</param>
/// <param name="Tty">Whether it has a terminal.</param>
/// <param name="Stdin">Whether its stdin is a pipe from conmon; else it is /dev/null.</param>
sealed record ConmonExec(string ContainerId, string ExecId, bool Tty, bool Stdin);
