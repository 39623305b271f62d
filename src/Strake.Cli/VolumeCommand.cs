using System.Globalization;
using Strake.Daemon.Configuration;
using Strake.Daemon.StrakeApi;
using Strake.State;

namespace Strake.Cli;

/// <summary><c>strake volume</c>: what docker's command has no words for.</summary>
static class VolumeCommand
{
    const string Unlimited = "-";
    const string OtherEngine = "engine/";

    static readonly CommandFlag[] s_flags =
        [new("exec-root"), new("host", 'H'), new("keep"), new("oci"), new("onto"), new("opt", 'o'), new("output"), new("since")];

    // All commands take those that say which daemon is meant.
    static readonly string[] s_daemonFlags = ["exec-root", "host"];

    static readonly Dictionary<string, string[]> s_ownFlags = new(StringComparer.Ordinal)
    {
        ["export"] = ["oci", "output", "since"],
        ["import"] = ["oci", "onto", "opt"],
        ["rm"] = ["keep"],
    };

    /// <summary>Runs a command on volumes of the running daemon.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output)
    {
        CommandLine line = CommandLine.Parse(words, s_flags);
        RefuseMeaningless(line);
        List<string> daemon = [];
        foreach (GivenFlag flag in line.Flags.Where(static flag => s_daemonFlags.Contains(flag.Name))) daemon.AddRange(["--" + flag.Name, flag.Value]);
        using var client = new DaemonClient(DaemonOptionsReader.Read(daemon));
        var copies = new VolumeCopyCommand(client, output);
        var archives = new VolumeArchiveCommand(client, output);
        var trash = new VolumeTrashCommand(client, output);
        switch (line.Arguments)
        {
            case ["resize" or "df" or "why" or "release", ..]:
                return await RunOneAsync(line, client, output);
            case ["snapshot", var name]:
                return await copies.SnapshotAsync(name, null);
            case ["snapshot", var name, var snapshot]:
                return await copies.SnapshotAsync(name, snapshot);
            case ["modify" or "group-snapshot", _, _, ..]:
                return await copies.RunAsync(line.Arguments);
            case ["snapshots", var name]:
                return await copies.ListAsync(name);
            case ["rollback", var reference]:
                return await copies.RollBackAsync(VolumeReference.Parse(reference));
            case ["clone", var reference, var target]:
                return await copies.CloneAsync(VolumeReference.Parse(reference), target);
            case ["export", var reference] when line.Value("oci") is { } layout:
                return await archives.ExportLayoutAsync(VolumeReference.Parse(reference), line.Value("since"), LayoutReference.Parse(layout));
            case ["export", var reference]:
                return await archives.ExportAsync(VolumeReference.Parse(reference), line.Value("since"), line.Value("output"));
            case ["import", var name] when line.Value("oci") is { } layout:
                return await archives.ImportLayoutAsync(name, LayoutReference.Parse(layout), line.Values("opt"));
            case ["import", var name, var file]:
                return await archives.ImportAsync(name, file, line.Value("onto") is { } onto ? VolumeReference.Parse(onto) : null, line.Values("opt"));
            case ["rename", var name, var newName]:
                return await trash.RenameAsync(name, newName);
            case ["rm", _, ..]:
                return await trash.RemoveAsync(line.Arguments.Skip(1), line.Value("keep"));
            case ["trash"]:
                return await trash.ListAsync();
            case ["trash", "empty"]:
                return await trash.EmptyAsync();
            case ["restore", var name]:
                return await trash.RestoreAsync(name, null);
            case ["restore", var name, var newName]:
                return await trash.RestoreAsync(name, newName);
            default:
                throw Senseless(line);
        }
    }

    // Those that are one call each.
    static async Task<int> RunOneAsync(CommandLine line, DaemonClient client, TextWriter output)
    {
        switch (line.Arguments)
        {
            case ["resize", var name, var size]:
                VolumeReport resized = await client.AskAsync(
                    HttpMethod.Post, $"{PathOf(name)}/resize?size={Uri.EscapeDataString(size)}", StrakeJson.Default.VolumeReport);
                await output.WriteLineAsync($"{resized.Name}: {ByteSize.Text(resized.LimitBytes)}");
                return 0;
            case ["df"]:
                await WriteAsync((await client.AskAsync(HttpMethod.Get, "/strake/volumes", StrakeJson.Default.VolumeReportList)).Volumes, output);
                return 0;
            case ["df", var name]:
                await WriteAsync([await client.AskAsync(HttpMethod.Get, PathOf(name), StrakeJson.Default.VolumeReport)], output);
                return 0;
            case ["why", var name]:
                await ExplainAsync(await client.AskAsync(HttpMethod.Get, PathOf(name), StrakeJson.Default.VolumeReport), output);
                return 0;
            case ["release", var name, var holder]:
                await client.SendAsync(HttpMethod.Post, $"{PathOf(name)}/release?holder={Uri.EscapeDataString(holder)}");
                return 0;
            default:
                throw Senseless(line);
        }
    }

    static StrakeException Senseless(CommandLine line) =>
        StrakeException.Invalid(line.Arguments.Count == 0 ? "which command?" : $"it makes no sense: {string.Join(' ', line.Arguments)}");

    /// <summary>The path of a volume's calls.</summary>
    internal static string PathOf(string name) => $"/strake/volumes/{Uri.EscapeDataString(name)}";

    // What has no effect was meant to have one.
    static void RefuseMeaningless(CommandLine line)
    {
        if (line.Arguments.Count == 0) return;
        string command = line.Arguments[0];
        string[] own = s_ownFlags.GetValueOrDefault(command, []);
        if (line.Flags.FirstOrDefault(flag => !s_daemonFlags.Contains(flag.Name) && !own.Contains(flag.Name)) is { } other)
            throw StrakeException.Invalid($"--{other.Name} has no meaning with {command}");
        if (line.Value("oci") is null) return;
        if (command is "export" && line.Value("output") is not null) throw StrakeException.Invalid("an export goes to --output or to --oci, not to both");
        if (command is "import" && line.Value("onto") is not null) throw StrakeException.Invalid("--onto has no meaning with --oci: the layout tells what the volume begins as");
        if (command is "import" && line.Arguments.Count > 2) throw StrakeException.Invalid($"an import is of {line.Arguments[2]} or of --oci, not of both");
    }

    static async Task WriteAsync(IReadOnlyList<VolumeReport> volumes, TextWriter output)
    {
        const int nameWidth = 24, backendWidth = 10;
        int names = volumes.Select(static volume => volume.Name.Length).Append(nameWidth).Max(), backends = volumes.Select(static volume => BackendOf(volume).Length).Append(backendWidth).Max();
        string format = $"{{0,-{names}}} {{1,-{backends}}} {{2,10}} {{3,10}} {{4,10}} {{5,10}}";
        await output.WriteLineAsync(Row(format, "VOLUME", "BACKEND", "USED", "SIZE", "INODES", "OF"));
        foreach (VolumeReport volume in volumes)
        {
            await output.WriteLineAsync(Row(
                format,
                volume.Name,
                BackendOf(volume),
                ByteSize.Text(volume.UsedBytes),
                ByteSize.Text(volume.LimitBytes),
                volume.UsedInodes?.ToString(CultureInfo.InvariantCulture) ?? Unlimited,
                volume.LimitInodes?.ToString(CultureInfo.InvariantCulture) ?? Unlimited));
        }
    }

    static string BackendOf(VolumeReport volume) => volume switch
    {
        { Backend.Length: > 0 } => volume.Backend,
        // What others keep, they measure.
        { Driver: not "local" } => volume.Driver,
        _ => "dir",
    };

    static async Task ExplainAsync(VolumeReport volume, TextWriter output)
    {
        foreach (VolumeUseReport use in volume.Uses)
        {
            string who = use.Name.Length > 0 ? $"{use.Holder} ({use.Name})" : use.Holder;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{who}{(use.Destination.Length > 0 ? $" at {use.Destination}" : "")}, {(use.ReadOnly ? "read-only" : "read-write")}, {(use.Mounted ? "mounted" : "not mounted")}, since {use.Since.UtcDateTime:u}"));
        }

        await output.WriteLineAsync(volume.Uses.Count == 0
            ? $"nobody uses {volume.Name}: it can be removed"
            : $"{volume.Name} cannot be removed while it is used: remove those first");
        if (volume.Uses.FirstOrDefault(static use => use.Holder.StartsWith(OtherEngine, StringComparison.Ordinal)) is { } other)
            await output.WriteLineAsync($"another engine that is gone without a word has it no more: strake volume release {volume.Name} {other.Holder}");
    }

    static string Row(string format, params object[] cells) => string.Format(CultureInfo.InvariantCulture, format, cells).TrimEnd();
}
