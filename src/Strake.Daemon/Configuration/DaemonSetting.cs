namespace Strake.Daemon.Configuration;

/// <summary>A setting of the daemon: one name on the command line, one in the configuration file, one effect.</summary>
/// <param name="Flag">The long flag, without dashes.</param>
/// <param name="Letter">The short flag; null: none.</param>
/// <param name="FileKey">The key in <c>daemon.json</c>; null: only a flag.</param>
/// <param name="Kind">What values it takes.</param>
/// <param name="Help">A line for the help text.</param>
/// <param name="Apply">Adds a value to the options; throws an Invalid <see cref="StrakeException"/> for one that it cannot be.</param>
public sealed record DaemonSetting(
    string Flag, char? Letter, string? FileKey, SettingKind Kind, string Help, Func<DaemonOptions, string, DaemonOptions> Apply);
