using System.Globalization;
using Strake.Images;

namespace Strake.Build;

/// <summary>Reads HEALTHCHECK.</summary>
static class HealthcheckParser
{
    static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    /// <summary>Reads HEALTHCHECK.</summary>
    /// <exception cref="StrakeException">Invalid: says what.</exception>
    public static HealthcheckInstruction Parse(RawInstruction raw)
    {
        var (kind, rest) = ArgumentWords.Cut(raw.Arguments);
        if (kind.Length == 0) throw DockerfileFault.Invalid("HEALTHCHECK requires at least one argument");
        kind = kind.ToUpperInvariant();
        if (kind == "NONE") return rest.Length == 0 ? new HealthcheckInstruction { Command = null } : throw DockerfileFault.Invalid("HEALTHCHECK NONE takes no arguments");

        var flags = new InstructionFlags(
            raw.Flags, ("interval", FlagKind.Text), ("timeout", FlagKind.Text), ("start-period", FlagKind.Text), ("start-interval", FlagKind.Text),
            ("retries", FlagKind.Text));
        if (kind != "CMD") throw DockerfileFault.Invalid($"Unknown type {GoText.Quote(kind)} in HEALTHCHECK (try CMD)");
        if (rest.Length == 0 || raw.Json is { Count: 0 }) throw DockerfileFault.Invalid("Missing command after HEALTHCHECK CMD");
        return new HealthcheckInstruction
        {
            Command = InstructionParser.Command(raw.Json, rest),
            Interval = Duration(flags, "interval"),
            Timeout = Duration(flags, "timeout"),
            StartPeriod = Duration(flags, "start-period"),
            StartInterval = Duration(flags, "start-interval"),
            Retries = Retries(flags.Word("retries")),
        };
    }

    static TimeSpan Duration(InstructionFlags flags, string name)
    {
        if (flags.Word(name) is not { } text) return TimeSpan.Zero;
        if (!GoDuration.TryParse(text, out var duration, out var fault)) throw DockerfileFault.Invalid(fault);
        return duration >= s_least || duration == TimeSpan.Zero ? duration : throw DockerfileFault.Invalid($"Interval \"{name}\" cannot be less than 1ms");
    }

    static int Retries(string? text)
    {
        if (text is null) return 0;
        var digits = text[0] is '-' or '+' ? text.AsSpan(1) : text;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9')) throw DockerfileFault.Invalid($"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var retries))
            throw DockerfileFault.Invalid($"strconv.ParseInt: parsing {GoText.Quote(text)}: value out of range");
        return retries >= 0 ? retries : throw DockerfileFault.Invalid($"--retries cannot be negative ({retries})");
    }
}
