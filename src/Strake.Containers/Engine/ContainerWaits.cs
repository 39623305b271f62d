namespace Strake.Containers.Engine;

/// <summary>Waits for what becomes of containers.</summary>
static class ContainerWaits
{
    /// <summary>Registers a wait; see <see cref="ContainerEngine.WaitAsync"/>.</summary>
    public static Task<ContainerExit> WaitAsync(ContainerUnit unit, WaitCondition condition, CancellationToken cancellationToken)
    {
        // Registered before the state is looked at: what happens in between is not missed.
        var waiter = new ContainerWaiter(condition);
        unit.Add(waiter);
        ContainerState state = unit.Container.State;
        bool isRunning = state.IsRunning || state.Status is ContainerStatus.Restarting;
        if (condition == WaitCondition.NotRunning && !isRunning)
        {
            unit.Remove(waiter);
            return EndedAsync(unit, state).WaitAsync(cancellationToken);
        }

        return waiter.Task.IsCompleted ? waiter.Task : AwaitAsync(unit, waiter, cancellationToken);
    }

    // A run whose end has been written down may still have clients that are being served.
    static async Task<ContainerExit> EndedAsync(ContainerUnit unit, ContainerState state)
    {
        await unit.LastRun;
        return new ContainerExit(state.ExitCode, state.Error.Length > 0 ? state.Error : null);
    }

    static async Task<ContainerExit> AwaitAsync(ContainerUnit unit, ContainerWaiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            return await waiter.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            unit.Remove(waiter);
        }
    }
}
