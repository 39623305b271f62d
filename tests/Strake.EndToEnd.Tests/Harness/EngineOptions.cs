namespace Strake.EndToEnd.Tests.Harness;

/// <summary>How an engine under test is started.</summary>
public sealed record EngineOptions
{
    /// <summary>Its data root; null: a new folder.</summary>
    public string? DataRoot { get; init; }

    /// <summary>More arguments of the daemon.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables of the daemon's environment at its first start.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }
}
