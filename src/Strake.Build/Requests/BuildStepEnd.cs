namespace Strake.Build;

/// <summary>How a step ended.</summary>
public sealed record BuildStepEnd
{
    /// <summary>Whether its result was known already.</summary>
    public bool IsCached { get; init; }

    /// <summary>What stands for the state after it, in hexadecimal: equal states have equal ones.</summary>
    public string State { get; init; } = "";

    /// <summary>Why it failed; null: it did not.</summary>
    public string? Error { get; init; }
}
