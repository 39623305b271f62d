namespace Strake.Volumes.Tests;

/// <summary>A clock that stands until it is moved.</summary>
public sealed class ManualTime : TimeProvider
{
    DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => now;

    /// <summary>Moves it on.</summary>
    public void Pass(TimeSpan time) => now += time;
}
