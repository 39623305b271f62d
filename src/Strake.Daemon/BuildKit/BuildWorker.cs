namespace Strake.Daemon.BuildKit;

/// <summary>What clients are told of a builder.</summary>
/// <param name="Id">Names it; the same as long as the data root is.</param>
/// <param name="Platform">What it builds for: <c>linux/amd64</c>.</param>
sealed record BuildWorker(string Id, string Platform)
{
    /// <summary>What else clients show, and by what some decide what they ask for.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How much the build cache may keep; bytes. 0: it has no bound.</summary>
    public long CacheLimitBytes { get; init; }
}
