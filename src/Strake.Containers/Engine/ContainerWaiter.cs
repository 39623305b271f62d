namespace Strake.Containers.Engine;

/// <summary>Somebody who waits for something to become of a container.</summary>
/// <param name="condition">What for.</param>
sealed class ContainerWaiter(WaitCondition condition)
{
    readonly TaskCompletionSource<ContainerExit> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What for.</summary>
    public WaitCondition Condition => condition;

    /// <summary>Completes when it has come to be.</summary>
    public Task<ContainerExit> Task => completion.Task;

    /// <summary>It has come to be.</summary>
    public void Complete(ContainerExit exit) => completion.TrySetResult(exit);
}
