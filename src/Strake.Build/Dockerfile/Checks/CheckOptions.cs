namespace Strake.Build;

/// <summary>What the directive <c># check=</c> asks for: options between semicolons.</summary>
sealed record CheckOptions
{
    /// <summary>Whether no rule counts: <c>skip=all</c>.</summary>
    public bool SkipsAll { get; init; }

    /// <summary>The rules that do not count: <c>skip=A,B</c>.</summary>
    public ValueList<string> Skipped { get; init; } = [];

    /// <summary>Whether a warning fails the build: <c>error=true</c>.</summary>
    public bool FailsOnWarning { get; init; }

    // Directives are the first lines; which of them it is, is not kept.
    static readonly SourceLines s_lines = new(1, 1);

    /// <summary>Reads a directive's value.</summary>
    /// <exception cref="StrakeException">Invalid: an option that is not known, or without a value.</exception>
    public static CheckOptions Parse(string? directive)
    {
        var options = new CheckOptions();
        foreach (var option in (directive ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (option, "") : (option[..equals].Trim(), option[(equals + 1)..].Trim());
            options = (name, value) switch
            {
                ("skip", "all") => options with { SkipsAll = true },
                ("skip", _) => options with { Skipped = [.. value.Split(',', StringSplitOptions.TrimEntries)] },
                ("error", "true" or "True" or "TRUE" or "t" or "T" or "1") => options with { FailsOnWarning = true },
                ("error", "false" or "False" or "FALSE" or "f" or "F" or "0") => options with { FailsOnWarning = false },
                ("error", _) => throw DockerfileFault.Invalid($"failed to parse check option {GoText.Quote(option)}: strconv.ParseBool: parsing {GoText.Quote(value)}: invalid syntax", s_lines),
                ("experimental", _) => options,
                _ => throw DockerfileFault.Invalid($"invalid check option {GoText.Quote(name)}", s_lines),
            };
        }

        return options;
    }

    /// <summary>Whether a rule counts.</summary>
    public bool Counts(string rule) => !SkipsAll && !Skipped.Contains(rule);
}
