namespace Strake.Layers.Tests.Store;

/// <summary>
/// A daemon's life in steps: each effect on the disk or on the records is one step before it and one after. At the given step it is dead,
/// and everything it tries from then on fails without effect.
/// </summary>
sealed class Life(int lastStep)
{
    int _steps;

    /// <summary>How many steps were taken.</summary>
    public int Steps => _steps;

    public bool IsOver => _steps >= lastStep;

    public void Step()
    {
        if (Interlocked.Increment(ref _steps) >= lastStep) throw new DeathException();
    }

    /// <summary>An endless one.</summary>
    public static Life Endless() => new(int.MaxValue);
}
