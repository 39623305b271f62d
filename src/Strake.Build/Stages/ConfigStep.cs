using Strake.Images;

namespace Strake.Build;

/// <summary>Instructions that change nothing but an image's config.</summary>
static class ConfigStep
{
    /// <summary>Carries one out.</summary>
    /// <returns>The image after it, and what its history says; null: nothing.</returns>
    /// <exception cref="StrakeException">Invalid: what it says cannot be.</exception>
    public static (StageImage Image, string? CreatedBy) Apply(Instruction instruction, StageImage image, StageScope scope)
    {
        var defaults = image.Defaults;
        switch (instruction)
        {
            case ArgInstruction arg:
                foreach (var declaration in arg.Declarations) scope.Declare(declaration);
                return (image, "ARG " + string.Join(' ', arg.Declarations.Select(d => Shown(d, scope))));
            case EnvInstruction env:
                var variables = Pairs(env.Pairs, scope);
                foreach (var (variable, _) in variables) scope.Override(variable);
                return (image with { Defaults = DefaultsChange.WithEnvironment(defaults, variables) }, "ENV " + Shown(variables));
            case LabelInstruction label:
                var labels = Pairs(label.Pairs, scope);
                return (image with { Defaults = DefaultsChange.WithLabels(defaults, labels) }, "LABEL " + Shown(labels));
            case ExposeInstruction expose:
                var ports = DefaultsChange.Ports(expose.Ports.SelectMany(scope.ExpandMany));
                return (image with { Defaults = DefaultsChange.WithPorts(defaults, ports) }, $"EXPOSE [{string.Join(' ', ports)}]");
            case VolumeInstruction volume:
                List<string> paths = [.. volume.Paths.Select(scope.Expand)];
                if (paths.Contains("")) throw StrakeException.Invalid("VOLUME specified can not be an empty string");
                return (image with { Defaults = DefaultsChange.WithVolumes(defaults, paths) }, $"VOLUME [{string.Join(' ', paths)}]");
            case UserInstruction user:
                var name = scope.Expand(user.User);
                return (image with { Defaults = defaults with { User = name } }, "USER " + name);
            case CmdInstruction cmd:
                var command = DefaultsChange.Words(cmd.Command, defaults);
                return (image with { SetsCommand = true, Defaults = defaults with { Cmd = command, ArgsEscaped = false } }, "CMD " + Quoted(command));
            case EntrypointInstruction entrypoint:
                // An entry point makes the inherited command meaningless, but not one that the stage sets.
                var entry = DefaultsChange.Words(entrypoint.Command, defaults);
                return (image with { Defaults = defaults with { Entrypoint = entry, Cmd = image.SetsCommand ? defaults.Cmd : null } }, "ENTRYPOINT " + Quoted(entry));
            case ShellInstruction shell:
                return (image with { Defaults = defaults with { Shell = [.. shell.Words] } }, $"SHELL [{string.Join(' ', shell.Words)}]");
            case StopsignalInstruction stop:
                var signal = scope.Expand(stop.Signal);
                return (image with { Defaults = defaults with { StopSignal = StopSignal(signal) } }, "STOPSIGNAL " + signal);
            case HealthcheckInstruction check:
                var healthy = DefaultsChange.WithHealthcheck(defaults, check);
                return (image with { Defaults = healthy }, "HEALTHCHECK " + Shown(healthy.Healthcheck!));
            case OnbuildInstruction onbuild:
                return (image with { Defaults = defaults with { OnBuild = [.. defaults.OnBuild ?? [], onbuild.Expression] } }, null);
            case MaintainerInstruction maintainer:
                return (image with { Author = maintainer.Author }, "MAINTAINER " + maintainer.Author);
            default:
                throw StrakeException.NotSupported($"the instruction {instruction.Keyword} is not known here");
        }
    }

    static List<KeyValuePair<string, string>> Pairs(IEnumerable<KeyValueWord> words, StageScope scope) =>
        [.. words.Select(word => KeyValuePair.Create(scope.Expand(word.Key), scope.Expand(word.Value)))];

    static string Shown(IEnumerable<KeyValuePair<string, string>> pairs) => string.Join(' ', pairs.Select(static pair => $"{pair.Key}={pair.Value}"));

    static string Shown(ArgDeclaration declaration, StageScope scope)
    {
        var name = scope.Expand(declaration.Name);
        var value = scope.Declared.FirstOrDefault(argument => argument.Key == name);
        return value.Key is null ? name : $"{name}={value.Value}";
    }

    // Histories have the forms in which Go prints lists and structures, for that is what BuildKit writes.
    static string Quoted(IEnumerable<string> words) => $"[{string.Join(' ', words.Select(GoText.Quote))}]";

    static string Shown(Healthcheck check)
    {
        long[] times = [check.IntervalNanoseconds, check.TimeoutNanoseconds, check.StartPeriodNanoseconds, check.StartIntervalNanoseconds];
        var shown = times.Select(static time => GoText.Quote(GoText.Duration(TimeSpan.FromTicks(time / 100))));
        return $"&{{{Quoted(check.Test ?? [])} {string.Join(' ', shown)} {GoText.QuoteRune(check.Retries)}}}";
    }

    static string StopSignal(string text) =>
        text.Length > 0 && text.Length < 16 && text.All(char.IsAsciiLetterOrDigit) ? text : throw StrakeException.Invalid($"invalid stop signal: \"{text}\"");
}
