namespace Strake.Containers.Lifecycle;

/// <summary>What is to be done about a request.</summary>
enum LifecycleDecision
{
    /// <summary>Do it.</summary>
    Proceed,

    /// <summary>Do it after the container has been let go on.</summary>
    UnpauseFirst,

    /// <summary>Do it after the container has been killed.</summary>
    KillFirst,

    /// <summary>Give up the restart that is due; that was all.</summary>
    CancelRestart,

    /// <summary>Give up the restart that is due, then do it.</summary>
    CancelRestartFirst,

    /// <summary>Nothing: it is as asked. The client is told so.</summary>
    AlreadySo,

    /// <summary>Nothing: the request does not fit the state.</summary>
    Refuse,
}
