namespace Strake.Containers;

/// <summary>What a wait waits for.</summary>
public enum WaitCondition
{
    /// <summary>That it does not run; at once when it does not.</summary>
    NotRunning,

    /// <summary>The end of the current run, or of the next when it does not run.</summary>
    NextExit,

    /// <summary>That it is removed.</summary>
    Removed,
}
