namespace Strake.Containers.Lifecycle;

/// <summary>What follows the end of a run.</summary>
abstract record AfterExit
{
    /// <summary>It stays as it is.</summary>
    public sealed record Stay : AfterExit;

    /// <summary>It is removed.</summary>
    public sealed record Remove : AfterExit;

    /// <summary>It is started again after a while.</summary>
    public sealed record Restart(TimeSpan Delay) : AfterExit;
}
