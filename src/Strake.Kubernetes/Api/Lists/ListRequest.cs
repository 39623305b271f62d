namespace Strake.Kubernetes.Api;

/// <summary>What part of a list is wanted, and of which version.</summary>
/// <param name="Selection">Which objects.</param>
public sealed record ListRequest(Selection Selection)
{
    /// <summary>The most objects; 0: all.</summary>
    public int Limit { get; init; }

    /// <summary>What the part before said to continue with; empty: from the start.</summary>
    public string Continue { get; init; } = "";

    /// <summary>The version asked for; empty: the newest.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>How the version is meant: Exact, NotOlderThan, or empty.</summary>
    public string VersionMatch { get; init; } = "";
}
