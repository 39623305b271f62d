using System.Globalization;
using System.Text;
using Strake.Images;

namespace Strake.Build;

/// <summary>Writes trees as text. What <see cref="DockerfileParser"/> has read is written so that it reads the same again.</summary>
/// <remarks>
/// One instruction a line, names in capitals, directives first. Comments and layout are gone, as they are no part of a tree. Of trees that
/// no text could be parsed to (a <see cref="ShellCommand"/> of two lines) the text is meaningless.
/// </remarks>
public static class DockerfilePrinter
{
    /// <summary>Writes a Dockerfile.</summary>
    public static string Print(Dockerfile dockerfile)
    {
        var result = new StringBuilder();
        Directive(result, "syntax", dockerfile.Directives.Syntax);
        var escape = dockerfile.Directives.Escape;
        Directive(result, "escape", escape == ParserDirectives.DefaultEscape ? null : escape.ToString());
        Directive(result, "check", dockerfile.Directives.Check);
        foreach (var arg in dockerfile.GlobalArgs) result.Append(Print(arg, escape));
        foreach (var stage in dockerfile.Stages)
        {
            result.Append(Print(stage.From, escape));
            foreach (var instruction in stage.Instructions) result.Append(Print(instruction, escape));
        }

        return result.ToString();
    }

    /// <summary>Writes an instruction, with the line's end and its here-documents.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="escape">The file's escape character.</param>
    public static string Print(Instruction instruction, char escape = ParserDirectives.DefaultEscape) => instruction switch
    {
        AddInstruction add => PrintedFiles.Print(add, AddFlags(add), escape),
        ArgInstruction arg => Line(arg, string.Join(' ', arg.Declarations.Select(one => one.Default is null ? one.Name : $"{one.Name}={one.Default}")), escape),
        CmdInstruction cmd => Line(cmd, Command(cmd.Command), escape),
        CopyInstruction copy => PrintedFiles.Print(copy, CopyFlags(copy), escape),
        EntrypointInstruction entrypoint => Line(entrypoint, Command(entrypoint.Command), escape),
        EnvInstruction env => Line(env, Pairs(env.Pairs, env.IsLegacy, escape), escape),
        ExposeInstruction expose => Line(expose, string.Join(' ', expose.Ports), escape),
        FromInstruction from => Line(from, from.Name is null ? from.Base : $"{from.Base} AS {from.Name}", escape, ("platform", from.Platform)),
        HealthcheckInstruction check => Healthcheck(check, escape),
        LabelInstruction label => Line(label, Pairs(label.Pairs, label.IsLegacy, escape), escape),
        MaintainerInstruction maintainer => Line(maintainer, maintainer.Author, escape),
        OnbuildInstruction onbuild => Onbuild(onbuild, escape),
        RunInstruction run => PrintedLine.WithDocuments("RUN", RunFlags(run), Command(run.Command), run.Documents, escape),
        ShellInstruction shell => Line(shell, JsonWords.Print(shell.Words), escape),
        StopsignalInstruction stopsignal => Line(stopsignal, stopsignal.Signal, escape),
        UserInstruction user => Line(user, user.User, escape),
        VolumeInstruction volume => Line(volume, PrintedFiles.Words(volume.Paths), escape),
        WorkdirInstruction workdir => Line(workdir, workdir.Path, escape),
        _ => throw StrakeException.Internal($"no such instruction: {instruction.GetType()}"),
    };

    static void Directive(StringBuilder result, string name, string? value)
    {
        if (value is not null) result.Append(CultureInfo.InvariantCulture, $"# {name}={value}\n");
    }

    static string Line(Instruction instruction, string arguments, char escape, params ReadOnlySpan<(string Name, string? Value)> flags) =>
        PrintedLine.WithDocuments(instruction.Keyword, [.. flags], arguments, [], escape);

    static string Command(CommandLine command) => command switch
    {
        ShellCommand shell => shell.Line,
        ExecCommand exec => JsonWords.Print(exec.Words),
        _ => throw StrakeException.Internal($"no such command: {command.GetType()}"),
    };

    // In the old form, an escape character at the end of the name takes the first blank after it; there has to be another one.
    static string Pairs(ValueList<KeyValueWord> pairs, bool isLegacy, char escape) => isLegacy
        ? $"{pairs[0].Key} {(pairs[0].Key.EndsWith(escape) ? " " : "")}{pairs[0].Value}"
        : string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"));

    static string Healthcheck(HealthcheckInstruction check, char escape) => check.Command is null
        ? Line(check, "NONE", escape)
        : Line(
            check, $"CMD {Command(check.Command)}", escape, ("interval", Duration(check.Interval)), ("timeout", Duration(check.Timeout)),
            ("start-period", Duration(check.StartPeriod)), ("start-interval", Duration(check.StartInterval)),
            ("retries", check.Retries == 0 ? null : check.Retries.ToString(CultureInfo.InvariantCulture)));

    static string? Duration(TimeSpan duration) => duration == TimeSpan.Zero ? null : GoDuration.Format(duration);

    // The here-documents of a trigger are part of its expression.
    static string Onbuild(OnbuildInstruction onbuild, char escape)
    {
        var end = onbuild.Expression.IndexOf('\n', StringComparison.Ordinal);
        return end < 0
            ? Line(onbuild, onbuild.Expression, escape)
            : Line(onbuild, onbuild.Expression[..end], escape) + onbuild.Expression[(end + 1)..] + "\n";
    }

    static ValueList<(string Name, string? Value)> RunFlags(RunInstruction run) =>
    [
        .. run.Mounts.Select(mount => ("mount", (string?)mount)),
        ("network", run.Network switch { RunNetwork.None => "none", RunNetwork.Host => "host", _ => null }),
        ("security", run.Security == RunSecurity.Insecure ? "insecure" : null),
    ];

    static ValueList<(string Name, string? Value)> FileFlags(FileInstruction files) =>
    [
        ("chown", files.Owner),
        ("chmod", files.Mode),
        ("link", files.IsLinked ? "true" : null),
        .. files.Excludes.Select(pattern => ("exclude", (string?)pattern)),
    ];

    static ValueList<(string Name, string? Value)> CopyFlags(CopyInstruction copy) =>
        [("from", copy.From), .. FileFlags(copy), ("parents", copy.KeepsParents ? "true" : null)];

    static ValueList<(string Name, string? Value)> AddFlags(AddInstruction add) =>
        [.. FileFlags(add), ("checksum", add.Checksum), ("keep-git-dir", Switch(add.KeepsGitDirectory)), ("unpack", Switch(add.Unpacks))];

    static string? Switch(bool? value) => value switch { null => null, true => "true", false => "false" };
}
