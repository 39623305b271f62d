namespace Strake.Build;

/// <summary>The flags that stand between an instruction's name and its arguments.</summary>
sealed class InstructionFlags
{
    readonly Dictionary<string, List<string>> values = new(StringComparer.Ordinal);

    /// <summary>Reads flags.</summary>
    /// <param name="flags">The words, <c>--name</c> or <c>--name=value</c>.</param>
    /// <param name="known">The flags that the instruction has.</param>
    /// <exception cref="StrakeException">Invalid: a flag that is not known, stands there twice or has a wrong value.</exception>
    public InstructionFlags(IReadOnlyList<string> flags, params ReadOnlySpan<(string Name, FlagKind Kind)> known)
    {
        foreach (var flag in flags) Add(flag, known);
    }

    /// <summary>A text flag's value; null when it is not there.</summary>
    public string? Text(string name) => values.GetValueOrDefault(name) is [var value] ? value : null;

    /// <summary>A text flag's value; null when it is not there, or empty, which most flags take for the same.</summary>
    public string? Word(string name) => Text(name) is { Length: > 0 } value ? value : null;

    /// <summary>The values of a flag that may be repeated, in their order.</summary>
    public ValueList<string> Texts(string name) => values.GetValueOrDefault(name) is { } all ? [.. all] : [];

    /// <summary>Whether a switch is on; null when it is not there.</summary>
    public bool? Switch(string name) => values.GetValueOrDefault(name) is [var value] ? value.Length > 0 : null;

    void Add(string flag, ReadOnlySpan<(string Name, FlagKind Kind)> known)
    {
        var equals = flag.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = equals < 0 ? (flag[2..], null) : (flag[2..equals], flag[(equals + 1)..]);
        var kind = KindOf(name, known);
        if (!values.TryGetValue(name, out var all)) values.Add(name, all = []);
        else if (kind != FlagKind.Texts) throw DockerfileFault.Invalid($"duplicate flag specified: --{name}");
        if (kind != FlagKind.Switch) all.Add(value ?? throw DockerfileFault.Invalid($"missing a value on flag: --{name}"));
        else if (IsOn(name, value)) all.Add(name);
        else all.Add("");
    }

    static FlagKind KindOf(string name, ReadOnlySpan<(string Name, FlagKind Kind)> known)
    {
        foreach (var flag in known)
        {
            if (flag.Name == name) return flag.Kind;
        }

        List<string> names = [];
        foreach (var flag in known) names.Add(flag.Name);
        throw DockerfileFault.Invalid($"unknown flag: --{name}{Suggestion.For(name, names)}");
    }

    static bool IsOn(string name, string? value) => value?.ToLowerInvariant() switch
    {
        null or "true" => true,
        "false" => false,
        "" => throw DockerfileFault.Invalid($"missing a value on flag: --{name}"),
        _ => throw DockerfileFault.Invalid($"expecting boolean value for flag --{name}, not: {value}"),
    };
}
