namespace Strake.Containers.Plugins;

/// <summary>A plugin that runs.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="Socket">Where it listens.</param>
/// <param name="Ended">Completes at its end.</param>
sealed record RunningPlugin(int Pid, string Socket, Task Ended);
