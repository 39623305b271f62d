namespace Strake.Kubernetes.Api;

/// <summary>From where objects are watched.</summary>
/// <param name="Selection">Which objects.</param>
public sealed record WatchRequest(Selection Selection)
{
    /// <summary>The version after which changes are wanted; empty or 0: what is there now comes first.</summary>
    public string ResourceVersion { get; init; } = "";

    /// <summary>Whether the client wants to be told, from time to time, how far it is.</summary>
    public bool AllowsBookmarks { get; init; }

    /// <summary>Whether what is there now comes first, and a bookmark says where it ends.</summary>
    public bool SendsInitialEvents { get; init; }
}
