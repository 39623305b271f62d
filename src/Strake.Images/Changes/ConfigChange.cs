namespace Strake.Images;

/// <summary>
/// The Dockerfile instructions that <c>docker import --change</c> and <c>docker commit --change</c> accept: those that alter
/// nothing but the config.
/// </summary>
public static class ConfigChange
{
    /// <summary>Applies changes one after the other.</summary>
    /// <param name="defaults">What to start from; stays as it is.</param>
    /// <param name="changes">Instructions, a line each, such as <c>ENV A=1 B="2 3"</c>; empty lines and comments are skipped.</param>
    /// <exception cref="StrakeException">Invalid: quotes the instruction and says why.</exception>
    public static ContainerDefaults Apply(ContainerDefaults defaults, IReadOnlyList<string> changes)
    {
        var setsCommand = false;
        foreach (var line in changes.SelectMany(c => c.Split('\n')).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var (instruction, rest) = Split(line);
            setsCommand |= instruction is "CMD";
            defaults = ApplyOne(defaults, instruction, rest, setsCommand);
        }

        return defaults;
    }

    static (string Instruction, string Arguments) Split(string line)
    {
        var end = line.AsSpan().IndexOfAny(' ', '\t');
        return end < 0 ? (line.ToUpperInvariant(), "") : (line[..end].ToUpperInvariant(), line[end..].Trim());
    }

    static ContainerDefaults ApplyOne(ContainerDefaults defaults, string instruction, string rest, bool setsCommand)
    {
        if (rest.Length == 0 && instruction is not ("CMD" or "ENTRYPOINT"))
            throw StrakeException.Invalid($"{instruction} requires at least one argument");
        var words = new DockerfileWords(defaults.Env ?? []);
        return instruction switch
        {
            "CMD" => defaults with { Cmd = CommandLine(defaults, rest), ArgsEscaped = false },

            // An entry point makes the inherited command meaningless, but not one set beside it.
            "ENTRYPOINT" => defaults with { Entrypoint = CommandLine(defaults, rest), Cmd = setsCommand ? defaults.Cmd : null },
            "ENV" => defaults with { Env = Environment(defaults.Env ?? [], words.Pairs(instruction, rest)) },
            "LABEL" => defaults with { Labels = Labels(defaults.Labels, words.Pairs(instruction, rest)) },
            "EXPOSE" => defaults with { ExposedPorts = Union(defaults.ExposedPorts, words.List(rest).SelectMany(Ports)) },
            "VOLUME" => defaults with { Volumes = Union(defaults.Volumes, DockerfileWords.JsonList(rest) ?? words.List(rest)) },
            "USER" => defaults with { User = words.Expand(rest) },
            "WORKDIR" => defaults with { WorkingDir = WorkingDirectory(defaults.WorkingDir, words.Expand(rest)) },
            "STOPSIGNAL" => defaults with { StopSignal = words.Expand(rest) },
            "ONBUILD" => defaults with { OnBuild = [.. defaults.OnBuild ?? [], Trigger(rest)] },
            "HEALTHCHECK" => defaults with { Healthcheck = HealthcheckInstruction.Parse(rest) },
            _ => throw StrakeException.Invalid($"{instruction} is not a valid change command"),
        };
    }

    static IReadOnlyList<string>? CommandLine(ContainerDefaults defaults, string rest) =>
        rest.Length == 0 ? null
        : DockerfileWords.JsonList(rest) ?? [.. defaults.Shell is { Count: > 0 } shell ? shell : ["/bin/sh", "-c"], rest];

    static List<string> Environment(IReadOnlyList<string> env, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var result = env.ToList();
        foreach (var (name, value) in pairs)
        {
            var index = result.FindIndex(e => e.StartsWith(name + "=", StringComparison.Ordinal));
            if (index < 0) result.Add($"{name}={value}");
            else result[index] = $"{name}={value}";
        }

        return result;
    }

    static SortedDictionary<string, string> Labels(
        IReadOnlyDictionary<string, string>? labels, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in (labels ?? new Dictionary<string, string>(StringComparer.Ordinal)).Concat(pairs)) result[name] = value;
        return result;
    }

    static List<string> Union(IReadOnlyList<string>? names, IEnumerable<string> more) =>
        [.. (names ?? []).Union(more, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    static IEnumerable<string> Ports(string text)
    {
        if (!ExposedPort.IsWellFormed(text)) throw StrakeException.Invalid($"invalid containerPort: {text}");
        return ExposedPort.Expand(text);
    }

    static string WorkingDirectory(string? former, string path)
    {
        var absolute = path.StartsWith('/') ? path : $"{former}/{path}";
        var parts = new List<string>();
        foreach (var part in absolute.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part is not "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }

        return "/" + string.Join('/', parts);
    }

    static string Trigger(string rest)
    {
        var (instruction, _) = Split(rest);
        return instruction switch
        {
            "ONBUILD" => throw StrakeException.Invalid("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
            "MAINTAINER" or "FROM" => throw StrakeException.Invalid($"{instruction} isn't allowed as an ONBUILD trigger"),
            _ => rest,
        };
    }
}
