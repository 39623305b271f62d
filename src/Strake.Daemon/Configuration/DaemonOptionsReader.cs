namespace Strake.Daemon.Configuration;

/// <summary>From command line and configuration file to <see cref="DaemonOptions"/>.</summary>
public static class DaemonOptionsReader
{
    /// <summary>The file that is read when no other is named, and that may be missing.</summary>
    public const string DefaultFile = "/etc/strake/daemon.json";

    /// <summary>Reads the options of <c>strake daemon</c>.</summary>
    /// <param name="words">The words behind <c>daemon</c>.</param>
    /// <exception cref="StrakeException">
    /// Invalid: an unknown flag or key, a bad value, a setting given in both places. NotSupported: one that dockerd has and Strake has not.
    /// </exception>
    public static DaemonOptions Read(IReadOnlyList<string> words)
    {
        CommandLine line = CommandLine.Parse(words, Flags, Refuse);
        if (line.Arguments.Count > 0) throw StrakeException.Invalid($"\"strake daemon\" accepts no arguments, and got \"{line.Arguments[0]}\"");
        IReadOnlyList<GivenFlag> fromFile = ReadFile(line);
        var given = line.Flags.Where(flag => !IsFile(flag)).ToList();
        RefuseTwice(given, fromFile);
        return fromFile.Concat(given).Aggregate(new DaemonOptions(), Apply);
    }

    static IReadOnlyList<CommandFlag> Flags { get; } =
    [
        .. DaemonSettings.All.Select(setting => new CommandFlag(setting.Flag, setting.Letter, setting.Kind is SettingKind.Switch)),
        new CommandFlag("config-file"),
        new CommandFlag("config"),
    ];

    static bool IsFile(GivenFlag flag) => flag.Name is "config-file" or "config";

    static IReadOnlyList<GivenFlag> ReadFile(CommandLine line)
    {
        if (line.Flags.LastOrDefault(IsFile) is { } named) return ConfigurationFile.Read(named.Value);
        return File.Exists(DefaultFile) ? ConfigurationFile.Read(DefaultFile) : [];
    }

    static StrakeException Refuse(string flag) =>
        DaemonSettings.Missing.Contains(flag) ? DaemonSettings.NotYet("--" + flag) : StrakeException.Invalid($"unknown flag: --{flag}");

    // As dockerd: which of the two should win is not guessed.
    static void RefuseTwice(List<GivenFlag> given, IReadOnlyList<GivenFlag> fromFile)
    {
        if (given.FirstOrDefault(flag => fromFile.Any(other => string.Equals(other.Name, flag.Name, StringComparison.Ordinal))) is { } both)
            throw StrakeException.Invalid($"the following directives are specified both as a flag and in the configuration file: {both.Name}");
    }

    static DaemonOptions Apply(DaemonOptions options, GivenFlag flag) =>
        DaemonSettings.All.First(setting => string.Equals(setting.Flag, flag.Name, StringComparison.Ordinal)).Apply(options, flag.Value);
}
