namespace Strake.Linux;

/// <summary>What flock does (<c>flock(2)</c>).</summary>
public enum LockKind
{
    /// <summary>LOCK_SH: together with other shared ones.</summary>
    Shared = 1,

    /// <summary>LOCK_EX: alone.</summary>
    Exclusive = 2,

    /// <summary>LOCK_UN: given up. Closing the last descriptor does so too.</summary>
    Unlocked = 8,
}
