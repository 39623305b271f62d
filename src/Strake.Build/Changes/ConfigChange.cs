using System.Collections.Frozen;
using Strake.Images;

namespace Strake.Build;

/// <summary>
/// The Dockerfile instructions that <c>docker import --change</c> and <c>docker commit --change</c> accept: those that alter
/// nothing but the config.
/// </summary>
public static class ConfigChange
{
    static readonly FrozenSet<string> s_allowed = FrozenSet.ToFrozenSet(
        ["CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"], StringComparer.Ordinal);

    /// <summary>Reads changes.</summary>
    /// <param name="changes">Instructions, together a Dockerfile without FROM: <c>ENV A=1 B="2 3"</c>; empty lines and comments are skipped.</param>
    /// <returns>What applies them to a config, one after the other; throws Invalid where a variable or a value cannot be put in.</returns>
    /// <exception cref="StrakeException">Invalid: quotes the instruction and says why.</exception>
    public static Func<ContainerDefaults, ContainerDefaults> Read(IReadOnlyList<string> changes)
    {
        var instructions = DockerfileParser.ParseChanges(string.Join('\n', changes), s_allowed);
        return defaults => Apply(defaults, instructions);
    }

    static ContainerDefaults Apply(ContainerDefaults defaults, IReadOnlyList<Instruction> instructions)
    {
        var setsCommand = false;
        foreach (var instruction in instructions)
        {
            setsCommand |= instruction is CmdInstruction;
            defaults = Apply(defaults, instruction, setsCommand);
        }

        return defaults;
    }

    static ContainerDefaults Apply(ContainerDefaults defaults, Instruction instruction, bool setsCommand)
    {
        var expander = new WordExpander();
        var environment = defaults.Env ?? [];
        string? Variable(string name) => environment.FirstOrDefault(one => one.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
        string Word(string word) => expander.Expand(word, Variable).Text;
        List<KeyValuePair<string, string>> Pairs(ValueList<KeyValueWord> words) => [.. words.Select(pair => KeyValuePair.Create(Word(pair.Key), Word(pair.Value)))];
        return instruction switch
        {
            CmdInstruction cmd => defaults with { Cmd = DefaultsChange.Words(cmd.Command, defaults), ArgsEscaped = false },

            // An entry point makes the inherited command meaningless, but not one set beside it.
            EntrypointInstruction entry => defaults with { Entrypoint = DefaultsChange.Words(entry.Command, defaults), Cmd = setsCommand ? defaults.Cmd : null },
            EnvInstruction env => DefaultsChange.WithEnvironment(defaults, Pairs(env.Pairs)),
            LabelInstruction label => DefaultsChange.WithLabels(defaults, Pairs(label.Pairs)),
            ExposeInstruction expose => DefaultsChange.WithPorts(defaults, expose.Ports.SelectMany(port => expander.Expand(port, Variable).Words)),
            VolumeInstruction volume => DefaultsChange.WithVolumes(defaults, volume.Paths.Select(Word)),
            UserInstruction user => defaults with { User = Word(user.User) },
            WorkdirInstruction workdir => defaults with { WorkingDir = DefaultsChange.Absolute(defaults, Word(workdir.Path)) },
            StopsignalInstruction stop => defaults with { StopSignal = Word(stop.Signal) },
            OnbuildInstruction onbuild => defaults with { OnBuild = [.. defaults.OnBuild ?? [], onbuild.Expression] },
            HealthcheckInstruction check => DefaultsChange.WithHealthcheck(defaults, check),
            _ => throw StrakeException.Internal($"no change command: {instruction.Keyword}"),
        };
    }
}
