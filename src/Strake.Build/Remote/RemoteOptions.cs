namespace Strake.Build;

/// <summary>The bounds of what builds fetch from the network.</summary>
public sealed record RemoteOptions
{
    /// <summary>The most bytes that one file, or one repository with its files, may have.</summary>
    public long MaxBytes { get; init; } = 16L << 30;

    /// <summary>How long a connection may take to be made.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a server may take to begin its answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long nothing may come while an answer is read.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How the engine names itself to servers.</summary>
    public string UserAgent { get; init; } = "strake";

    /// <summary>A variable of the engine's environment, for the proxies that it names; null: not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;
}
