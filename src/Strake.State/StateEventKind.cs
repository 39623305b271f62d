namespace Strake.State;

/// <summary>What happened to a key.</summary>
public enum StateEventKind
{
    /// <summary>The key was created or got a new value.</summary>
    Put,

    /// <summary>The key was deleted.</summary>
    Delete,
}
