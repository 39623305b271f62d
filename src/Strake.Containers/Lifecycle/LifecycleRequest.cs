namespace Strake.Containers.Lifecycle;

/// <summary>What somebody wants of a container.</summary>
enum LifecycleRequest
{
    Start,
    Stop,
    Kill,
    Restart,
    Pause,
    Unpause,
    Rename,
    Remove,
    ForceRemove,
    Attach,
    Exec,
    Resize,
    Commit,
    Top,
}
