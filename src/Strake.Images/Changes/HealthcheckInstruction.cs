using System.Globalization;

namespace Strake.Images;

/// <summary>The Dockerfile instruction HEALTHCHECK: <c>NONE</c>, or options and <c>CMD</c> with a command.</summary>
static class HealthcheckInstruction
{
    const string Prefix = "--";

    /// <summary>Parses what follows the instruction's name.</summary>
    /// <exception cref="StrakeException">Invalid: says what.</exception>
    public static Healthcheck Parse(string text)
    {
        var check = new Healthcheck();
        while (text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            var end = text.AsSpan().IndexOfAny(' ', '\t');
            var option = end < 0 ? text : text[..end];
            text = end < 0 ? "" : text[end..].TrimStart();
            check = WithOption(check, option);
        }

        var blank = text.AsSpan().IndexOfAny(' ', '\t');
        var (kind, command) = blank < 0 ? (text, "") : (text[..blank], text[blank..].Trim());
        return kind.ToUpperInvariant() switch
        {
            "NONE" when command.Length == 0 => check with { Test = ["NONE"] },
            "NONE" => throw StrakeException.Invalid("HEALTHCHECK NONE takes no arguments"),
            "CMD" when command.Length == 0 => throw StrakeException.Invalid("Missing command after HEALTHCHECK CMD"),
            "CMD" => check with { Test = DockerfileWords.JsonList(command) is { } words ? ["CMD", .. words] : ["CMD-SHELL", command] },
            _ => throw StrakeException.Invalid($"Unknown type \"{kind}\" in HEALTHCHECK (try CMD)"),
        };
    }

    static Healthcheck WithOption(Healthcheck check, string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = equals < 0 ? (option, "") : (option[..equals], option[(equals + 1)..]);
        return name switch
        {
            "--interval" => check with { IntervalNanoseconds = Nanoseconds(option, value) },
            "--timeout" => check with { TimeoutNanoseconds = Nanoseconds(option, value) },
            "--start-period" => check with { StartPeriodNanoseconds = Nanoseconds(option, value) },
            "--start-interval" => check with { StartIntervalNanoseconds = Nanoseconds(option, value) },
            "--retries" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var retries) =>
                check with { Retries = retries },
            _ => throw StrakeException.Invalid($"HEALTHCHECK: invalid option {option}"),
        };
    }

    static long Nanoseconds(string option, string text) =>
        GoDuration.TryParse(text, out var duration) && duration >= TimeSpan.Zero
            ? duration.Ticks * TimeSpan.NanosecondsPerTick
            : throw StrakeException.Invalid($"HEALTHCHECK: invalid duration in {option}");
}
