using Strake.Images;

namespace Strake.Build;

/// <summary>What instructions make of an image's config.</summary>
static class DefaultsChange
{
    /// <summary>The shell of images that name none.</summary>
    public static readonly IReadOnlyList<string> Shell = ["/bin/sh", "-c"];

    /// <summary>With variables set.</summary>
    public static ContainerDefaults WithEnvironment(ContainerDefaults defaults, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var environment = (defaults.Env ?? []).ToList();
        foreach (var (name, value) in pairs)
        {
            var at = environment.FindIndex(variable => variable.StartsWith(name + "=", StringComparison.Ordinal));
            if (at < 0) environment.Add($"{name}={value}");
            else environment[at] = $"{name}={value}";
        }

        return defaults with { Env = environment };
    }

    /// <summary>With labels set.</summary>
    public static ContainerDefaults WithLabels(ContainerDefaults defaults, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in (defaults.Labels ?? new Dictionary<string, string>(StringComparer.Ordinal)).Concat(pairs)) labels[name] = value;
        return labels.Count == 0 ? defaults : defaults with { Labels = labels };
    }

    /// <summary>With ports declared.</summary>
    /// <exception cref="StrakeException">Invalid: no port.</exception>
    public static ContainerDefaults WithPorts(ContainerDefaults defaults, IEnumerable<string> words) =>
        defaults with { ExposedPorts = Union(defaults.ExposedPorts, Ports(words)) };

    /// <summary>Ports that words mean, in the order of their texts: <c>8000-8001</c> is <c>8000/tcp</c> and <c>8001/tcp</c>.</summary>
    /// <exception cref="StrakeException">Invalid: no port.</exception>
    public static IReadOnlyList<string> Ports(IEnumerable<string> words)
    {
        List<string> ports = [];
        foreach (var word in words)
        {
            if (!ExposedPort.IsWellFormed(word)) throw StrakeException.Invalid($"invalid containerPort: {word}");
            ports.AddRange(ExposedPort.Expand(word));
        }

        return [.. ports.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>With paths that get volumes.</summary>
    public static ContainerDefaults WithVolumes(ContainerDefaults defaults, IEnumerable<string> paths) => defaults with { Volumes = Union(defaults.Volumes, paths) };

    /// <summary>A command's words, a line's with the shell before them.</summary>
    public static IReadOnlyList<string> Words(CommandLine command, ContainerDefaults defaults) => command switch
    {
        ExecCommand exec => exec.Words,
        ShellCommand shell => [.. defaults.Shell is { Count: > 0 } own ? own : Shell, shell.Line],
        _ => throw new InvalidOperationException("A command has two forms."),
    };

    /// <summary>An absolute path of a path that may be relative to the working directory.</summary>
    public static string Absolute(ContainerDefaults defaults, string path) =>
        "/" + BytePath.Clean(path.StartsWith('/') ? path : $"{defaults.WorkingDir}/{path}");

    /// <summary>With a check of health.</summary>
    public static ContainerDefaults WithHealthcheck(ContainerDefaults defaults, HealthcheckInstruction instruction) => defaults with
    {
        Healthcheck = instruction.Command is null
            ? new Healthcheck { Test = ["NONE"] }
            : new Healthcheck
            {
                Test = instruction.Command is ShellCommand line ? ["CMD-SHELL", line.Line] : ["CMD", .. ((ExecCommand)instruction.Command).Words],
                IntervalNanoseconds = Nanoseconds(instruction.Interval),
                TimeoutNanoseconds = Nanoseconds(instruction.Timeout),
                StartPeriodNanoseconds = Nanoseconds(instruction.StartPeriod),
                StartIntervalNanoseconds = Nanoseconds(instruction.StartInterval),
                Retries = instruction.Retries,
            },
    };

    static long Nanoseconds(TimeSpan time) => time.Ticks * 100;

    static List<string> Union(IReadOnlyList<string>? names, IEnumerable<string> more) =>
        [.. (names ?? []).Union(more, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
