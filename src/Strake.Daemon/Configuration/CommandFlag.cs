namespace Strake.Daemon.Configuration;

/// <summary>A flag that a command takes.</summary>
/// <param name="Name">The long name, without dashes.</param>
/// <param name="Letter">The short name; null: none.</param>
/// <param name="IsSwitch">Whether it stands alone; else a value follows.</param>
public sealed record CommandFlag(string Name, char? Letter = null, bool IsSwitch = false);
