namespace Strake.Build;

/// <summary>HEALTHCHECK: how to find out whether a container of the image is well.</summary>
public sealed record HealthcheckInstruction : Instruction
{
    /// <inheritdoc/>
    public override string Keyword => "HEALTHCHECK";

    /// <summary>The check; null for <c>HEALTHCHECK NONE</c>, which takes an inherited one away.</summary>
    public required CommandLine? Command { get; init; }

    /// <summary>Between two checks; zero is the engine's default.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>After which a check has failed; zero is the engine's default.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>After the start, while failures do not count; zero is the engine's default.</summary>
    public TimeSpan StartPeriod { get; init; }

    /// <summary>Between two checks during the start period; zero is the engine's default.</summary>
    public TimeSpan StartInterval { get; init; }

    /// <summary>Failures in a row after which the container is unwell; 0 is the engine's default.</summary>
    public int Retries { get; init; }
}
