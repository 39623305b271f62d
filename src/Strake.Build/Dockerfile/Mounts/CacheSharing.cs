namespace Strake.Build;

/// <summary>What happens when two builds want one cache mount: <c>sharing</c>.</summary>
public enum CacheSharing
{
    /// <summary>Both have it at once.</summary>
    Shared,

    /// <summary>The second gets one of its own.</summary>
    Private,

    /// <summary>The second waits.</summary>
    Locked,
}
