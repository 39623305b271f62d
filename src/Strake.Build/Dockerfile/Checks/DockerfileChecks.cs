namespace Strake.Build;

/// <summary>Docker's build checks, as far as a file alone tells: what works and should not be so.</summary>
/// <remarks>https://docs.docker.com/reference/build-checks/. Those that need the values of variables or images are not made here.</remarks>
sealed class DockerfileChecks(Dockerfile dockerfile, ICollection<DockerfileWarning> warnings)
{
    static readonly HashSet<string> s_secretWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token",
    };

    static readonly HashSet<string> s_harmlessWords = new(StringComparer.OrdinalIgnoreCase) { "public", "file", "version" };

    // Of the stages so far, by name: whether a later one that has it as its base needs no shell or directory of its own.
    readonly Dictionary<string, (bool HasShell, bool HasDirectory)> stages = new(StringComparer.Ordinal);

    /// <summary>Makes all checks.</summary>
    public void Run()
    {
        foreach (var stage in dockerfile.Stages) CheckFrom(stage.From);
        foreach (var instruction in dockerfile.Stages.SelectMany(stage => stage.Instructions)) CheckInstruction(instruction);
        CheckNames();
        CheckCase();
        foreach (var stage in dockerfile.Stages) CheckStage(stage);
    }

    void CheckFrom(FromInstruction from)
    {
        var words = ArgumentWords.Plain(from.Text);
        if (from.Name is not null && words[^1] != from.Name) Warn("StageNameCasing", $"Stage name '{words[^1]}' should be lowercase", from);
        if (from.Name is not null && words[^2] is var keyword && !SameCase(words[0], keyword))
            Warn("FromAsCasing", $"'{keyword}' and '{words[0]}' keywords' casing do not match", from);
        if (from.Platform is { } platform && IsConstant(platform, from.Name))
            Warn("FromPlatformFlagConstDisallowed", $"FROM --platform flag should not use constant value {GoText.Quote(platform)}", from);
    }

    void CheckInstruction(Instruction instruction)
    {
        switch (instruction)
        {
            case MaintainerInstruction:
                Warn("MaintainerDeprecated", "Maintainer instruction is deprecated in favor of using label", instruction);
                break;
            case EnvInstruction { IsLegacy: true } or LabelInstruction { IsLegacy: true }:
                var name = Name(instruction);
                Warn("LegacyKeyValueFormat", $"\"{name} key=value\" should be used instead of legacy \"{name} key value\" format", instruction);
                break;
            case ExposeInstruction expose:
                foreach (var port in expose.Ports.Where(port => !port.Contains('$', StringComparison.Ordinal))) CheckPort(port, expose);
                break;
        }

        var names = instruction switch
        {
            ArgInstruction arg => arg.Declarations.Select(one => one.Name),
            EnvInstruction env => env.Pairs.Select(pair => pair.Key),
            _ => [],
        };
        foreach (var name in names.Where(IsSecret))
            Warn("SecretsUsedInArgOrEnv", $"Do not use ARG or ENV instructions for sensitive data ({instruction.Keyword} {GoText.Quote(name)})", instruction);
    }

    void CheckPort(string port, Instruction expose)
    {
        if (port.Contains(':', StringComparison.Ordinal))
            Warn("ExposeInvalidFormat", $"EXPOSE instruction should not define an IP address or host-port mapping, found '{port}'", expose);
        if (port[(port.IndexOf('/', StringComparison.Ordinal) + 1)..].Any(char.IsAsciiLetterUpper))
            Warn("ExposeProtoCasing", $"Defined protocol '{port}' in EXPOSE instruction should be lowercase", expose);
    }

    void CheckNames()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var from in dockerfile.Stages.Select(stage => stage.From).Where(from => from.Name is not null))
        {
            if (from.Name is "scratch" or "context") Warn("ReservedStageName", $"Stage name should not use the same name as reserved stage \"{from.Name}\"", from);
            if (!seen.Add(from.Name!)) Warn("DuplicateStageName", $"Duplicate stage name \"{from.Name}\", stage names should be unique", from);
        }
    }

    // Names in capitals, unless more are in small letters.
    void CheckCase()
    {
        List<Instruction> all = [.. dockerfile.Stages.SelectMany(stage => stage.Instructions.Prepend(stage.From))];
        var isLower = all.Count(one => IsLower(Name(one))) > all.Count(one => IsUpper(Name(one)));
        foreach (var instruction in all.Where(one => isLower ? !IsLower(Name(one)) : !IsUpper(Name(one))))
        {
            var wanted = isLower ? "lowercase" : "uppercase";
            Warn("ConsistentInstructionCasing", $"Command '{Name(instruction)}' should match the case of the command majority ({wanted})", instruction);
        }
    }

    void CheckStage(Stage stage)
    {
        var (hasShell, hasDirectory) = stages.GetValueOrDefault(stage.BaseName.ToLowerInvariant());
        Dictionary<string, Instruction> last = new(StringComparer.Ordinal);
        foreach (var instruction in stage.Instructions)
        {
            hasShell |= instruction is ShellInstruction;
            if (instruction is WorkdirInstruction workdir)
            {
                if (!hasDirectory && workdir.Path[0] is not ('/' or '$' or '"' or '\''))
                    Warn("WorkdirRelativePath", $"Relative workdir {GoText.Quote(workdir.Path)} can have unexpected results if the base image changes", workdir);
                hasDirectory = true;
            }

            if (!hasShell && instruction is CmdInstruction { Command: ShellCommand } or EntrypointInstruction { Command: ShellCommand })
                Warn("JSONArgsRecommended", $"JSON arguments recommended for {Name(instruction)} to prevent unintended behavior related to OS signals", instruction);
            if (instruction is not (CmdInstruction or EntrypointInstruction or HealthcheckInstruction)) continue;

            // The earlier one is shown: it is the one that does nothing.
            if (last.TryGetValue(instruction.Keyword, out var earlier))
                Warn("MultipleInstructionsDisallowed", $"Multiple {Name(instruction)} instructions should not be used in the same stage because only the last one will be used", earlier);
            last[instruction.Keyword] = instruction;
        }

        if (stage.Name is { } name) stages[name] = (hasShell, hasDirectory);
    }

    void Warn(string rule, string message, Instruction instruction) => warnings.Add(new DockerfileWarning(rule, message, instruction.Lines));

    static string Name(Instruction instruction) => ArgumentWords.Cut(instruction.Text).First;

    static bool IsLower(string name) => name == name.ToLowerInvariant();

    static bool IsUpper(string name) => name == name.ToUpperInvariant();

    // A name in mixed case is told of elsewhere.
    static bool SameCase(string from, string keyword) => IsLower(from) ? IsLower(keyword) : !IsUpper(from) || IsUpper(keyword);

    // A stage whose name says for which platform it is may say so again.
    static bool IsConstant(string platform, string? name) =>
        !platform.Contains('$', StringComparison.Ordinal) && platform.Split('/') is { Length: >= 2 } parts
        && !parts.Take(2).Any(part => name?.Contains(part, StringComparison.Ordinal) == true);

    static bool IsSecret(string name)
    {
        var words = name.Split('_');
        return words.Any(s_secretWords.Contains) && !words.Any(s_harmlessWords.Contains);
    }
}
