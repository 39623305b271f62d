using System.Collections.Frozen;

namespace Strake.Build;

/// <summary>Gives an instruction's parts their meaning.</summary>
/// <remarks>Each method is one instruction; the order of its checks is Docker's, so that of several faults the same one is told.</remarks>
static class InstructionParser
{
    static readonly FrozenDictionary<string, Func<RawInstruction, char, Instruction>> s_parsers =
        new Dictionary<string, Func<RawInstruction, char, Instruction>>(StringComparer.Ordinal)
        {
            ["ADD"] = (raw, _) => FileInstructionParser.Add(raw),
            ["ARG"] = Arg,
            ["CMD"] = (raw, _) => Cmd(raw),
            ["COPY"] = (raw, _) => FileInstructionParser.Copy(raw),
            ["ENTRYPOINT"] = (raw, _) => Entrypoint(raw),
            ["ENV"] = Env,
            ["EXPOSE"] = (raw, _) => Expose(raw),
            ["FROM"] = (raw, _) => From(raw),
            ["HEALTHCHECK"] = (raw, _) => HealthcheckParser.Parse(raw),
            ["LABEL"] = Label,
            ["MAINTAINER"] = (raw, _) => Maintainer(raw),
            ["ONBUILD"] = Onbuild,
            ["RUN"] = (raw, _) => RunInstructionParser.Parse(raw),
            ["SHELL"] = (raw, _) => Shell(raw),
            ["STOPSIGNAL"] = (raw, _) => Stopsignal(raw),
            ["USER"] = (raw, _) => User(raw),
            ["VOLUME"] = (raw, _) => Volume(raw),
            ["WORKDIR"] = (raw, _) => Workdir(raw),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names of all instructions, in capitals, sorted.</summary>
    public static IReadOnlyList<string> Keywords { get; } = [.. s_parsers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads an instruction.</summary>
    /// <exception cref="StrakeException">Invalid: says what. Knows no line.</exception>
    public static Instruction Parse(RawInstruction raw, char escape) => s_parsers.TryGetValue(raw.Keyword, out var parse)
        ? parse(raw, escape) with { Lines = raw.Lines, Text = raw.Text }
        : throw DockerfileFault.Invalid($"unknown instruction: {raw.Name}{LikeKeyword(raw.Name)}");

    /// <summary>Checks what Docker checks while it takes the file apart.</summary>
    /// <exception cref="StrakeException">Invalid: pairs that are none.</exception>
    public static void CheckSyntax(RawInstruction raw, char escape)
    {
        if (raw.Keyword is "ENV" or "LABEL") Pairs(raw, escape);
        if (raw.Trigger is { } trigger) CheckSyntax(trigger, escape);
    }

    /// <summary>The pairs of ENV or LABEL.</summary>
    /// <exception cref="StrakeException">Invalid: a word without an equals sign.</exception>
    static (ValueList<KeyValueWord> Pairs, bool IsLegacy) Pairs(RawInstruction raw, char escape)
    {
        var words = ArgumentWords.Quoted(raw.Arguments, escape);
        if (words.Count == 0) return ([], false);
        if (words[0].Contains('=', StringComparison.Ordinal)) return ([.. words.AsSpan().ToArray().Select(Pair)], false);

        // The old form: one name, and all of the rest of the line.
        var (key, value) = ArgumentWords.Cut(raw.Arguments);
        return value.Length > 0 ? ([new KeyValueWord(key, value)], true) : throw DockerfileFault.Invalid($"{raw.Keyword} must have two arguments");
    }

    /// <summary>A command in the form in which it stands there.</summary>
    public static CommandLine Command(ValueList<string>? json, string line) => json is null ? new ShellCommand(line) : new ExecCommand(json);

    static string LikeKeyword(string name)
    {
        if (Suggestion.Nearest(name.ToUpperInvariant(), Keywords) is not { } nearest) return "";
        var shown = name == name.ToLowerInvariant() ? nearest.ToLowerInvariant() : name == name.ToUpperInvariant() ? nearest : nearest.ToLowerInvariant();
        return $" (did you mean {shown}?)";
    }

    static KeyValueWord Pair(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals >= 0
            ? new KeyValueWord(word[..equals], word[(equals + 1)..])
            : throw DockerfileFault.Invalid($"Syntax error - can't find = in {GoText.Quote(word)}. Must be of the form: name=value");
    }

    static FromInstruction From(RawInstruction raw)
    {
        var words = ArgumentWords.Plain(raw.Arguments);
        var isNamed = words.Count == 3 && words[1].Equals("AS", StringComparison.OrdinalIgnoreCase);
        if (!isNamed && words.Count != 1) throw DockerfileFault.Invalid("FROM requires either one or three arguments");
        var name = isNamed ? StageName(words[2]) : null;
        var flags = new InstructionFlags(raw.Flags, ("platform", FlagKind.Text));
        return new FromInstruction { Base = words[0], Name = name, Platform = flags.Word("platform") };
    }

    static string StageName(string word)
    {
        var name = word.ToLowerInvariant();
        return char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')
            ? name
            : throw DockerfileFault.Invalid($"invalid name for build stage: {GoText.Quote(word)}, name can't start with a number or contain symbols");
    }

    // ARG and STOPSIGNAL do not look at their flags, and so take any.
    static ArgInstruction Arg(RawInstruction raw, char escape)
    {
        var words = ArgumentWords.Quoted(raw.Arguments, escape);
        if (words.Count == 0) throw NoArgument(raw);
        return new ArgInstruction { Declarations = [.. words.Select(Declaration)] };
    }

    static ArgDeclaration Declaration(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        return equals switch
        {
            < 0 => new ArgDeclaration(word, null),
            0 => throw DockerfileFault.Invalid("ARG names can not be blank"),
            _ => new ArgDeclaration(word[..equals], word[(equals + 1)..]),
        };
    }

    static EnvInstruction Env(RawInstruction raw, char escape)
    {
        NoFlags(raw);
        var (pairs, isLegacy) = NamedPairs(raw, escape);
        return new EnvInstruction { Pairs = pairs, IsLegacy = isLegacy };
    }

    static LabelInstruction Label(RawInstruction raw, char escape)
    {
        NoFlags(raw);
        var (pairs, isLegacy) = NamedPairs(raw, escape);
        return new LabelInstruction { Pairs = pairs, IsLegacy = isLegacy };
    }

    static (ValueList<KeyValueWord> Pairs, bool IsLegacy) NamedPairs(RawInstruction raw, char escape)
    {
        var found = Pairs(raw, escape);
        if (found.Pairs.Count == 0) throw NoArgument(raw);
        return found.Pairs.All(pair => pair.Key.Length > 0) ? found : throw DockerfileFault.Invalid($"{raw.Keyword} names can not be blank");
    }

    static CmdInstruction Cmd(RawInstruction raw)
    {
        NoFlags(raw);
        return new CmdInstruction { Command = Command(raw.Json, raw.Arguments) };
    }

    static EntrypointInstruction Entrypoint(RawInstruction raw)
    {
        NoFlags(raw);
        return new EntrypointInstruction { Command = Command(raw.Json, raw.Arguments) };
    }

    static ShellInstruction Shell(RawInstruction raw)
    {
        NoFlags(raw);
        if (raw.Json is { Count: > 0 } words) return new ShellInstruction { Words = words };
        throw raw.Json is not null || raw.Arguments.Length == 0 ? NoArgument(raw) : DockerfileFault.Invalid("SHELL requires the arguments to be in JSON form");
    }

    static ExposeInstruction Expose(RawInstruction raw)
    {
        var ports = ArgumentWords.Plain(raw.Arguments);
        if (ports.Count == 0) throw NoArgument(raw);
        NoFlags(raw);
        return new ExposeInstruction { Ports = ports };
    }

    static VolumeInstruction Volume(RawInstruction raw)
    {
        var words = raw.Json ?? ArgumentWords.Plain(raw.Arguments);
        if (words.Count == 0) throw NoArgument(raw);
        NoFlags(raw);
        ValueList<string> paths = [.. words.Select(word => word.Trim())];
        return paths.All(path => path.Length > 0)
            ? new VolumeInstruction { Paths = paths }
            : throw DockerfileFault.Invalid("VOLUME specified can not be an empty string");
    }

    static UserInstruction User(RawInstruction raw)
    {
        OneArgument(raw);
        NoFlags(raw);
        return new UserInstruction { User = raw.Arguments };
    }

    static WorkdirInstruction Workdir(RawInstruction raw)
    {
        OneArgument(raw);
        NoFlags(raw);
        return new WorkdirInstruction { Path = raw.Arguments };
    }

    static StopsignalInstruction Stopsignal(RawInstruction raw)
    {
        OneArgument(raw);
        return new StopsignalInstruction { Signal = raw.Arguments };
    }

    static MaintainerInstruction Maintainer(RawInstruction raw)
    {
        OneArgument(raw);
        NoFlags(raw);
        return new MaintainerInstruction { Author = raw.Arguments };
    }

    static OnbuildInstruction Onbuild(RawInstruction raw, char escape)
    {
        if (raw.Trigger is not { } trigger) throw NoArgument(raw);
        NoFlags(raw);
        if (trigger.Keyword == "ONBUILD") throw DockerfileFault.Invalid("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
        if (trigger.Keyword is "MAINTAINER" or "FROM") throw DockerfileFault.Invalid($"{trigger.Keyword} isn't allowed as an ONBUILD trigger");
        var expression = trigger.Text + string.Concat(raw.Documents.Select(document => $"\n{document.Content}{document.Name}"));
        return new OnbuildInstruction { Expression = expression, Trigger = Trigger(trigger with { Lines = raw.Lines, Documents = raw.Documents }, escape) };
    }

    // Docker does not look at a trigger before a build has the image as its base; neither do we refuse it before.
    static Instruction? Trigger(RawInstruction raw, char escape)
    {
        try
        {
            return Parse(raw, escape);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Invalid)
        {
            return null;
        }
    }

    static void OneArgument(RawInstruction raw)
    {
        if (raw.Arguments.Length == 0) throw DockerfileFault.Invalid($"{raw.Keyword} requires exactly one argument");
    }

    static StrakeException NoArgument(RawInstruction raw) => DockerfileFault.Invalid($"{raw.Keyword} requires at least one argument");

    static void NoFlags(RawInstruction raw) => _ = new InstructionFlags(raw.Flags);
}
