using Strake.Containers.Lifecycle;

namespace Strake.Containers.Engine;

/// <summary>Removes containers.</summary>
sealed class ContainerRemoval(EngineContext context, ContainerControl control)
{
    /// <summary>As <see cref="ContainerEngine.RemoveAsync"/>.</summary>
    public async Task RemoveAsync(ContainerUnit unit, RemoveOptions options, CancellationToken cancellationToken)
    {
        using IDisposable turn = await unit.EnterAsync(cancellationToken);
        switch (ContainerControl.Require(unit, options.Force ? LifecycleRequest.ForceRemove : LifecycleRequest.Remove))
        {
            case LifecycleDecision.KillFirst:
                await control.KillNowAsync(unit);
                break;
            case LifecycleDecision.CancelRestartFirst:
                await control.CancelRestartAsync(unit);
                break;
        }

        await unit.LastRun;
        await RemoveNowAsync(unit, options.Volumes, Durability.Synced);
    }

    /// <summary>Removes a container that was to go with its end; another removal may have been faster.</summary>
    public async Task RemoveEndedAsync(ContainerUnit unit)
    {
        using IDisposable turn = await unit.EnterAsync(CancellationToken.None);
        if (unit.Record.Phase != ContainerPhase.Ready || unit.Run is not null)
            return;
        // Its end alone is reason enough to remove it, so that a power cut that forgets the intent forgets nothing.
        await RemoveNowAsync(unit, withVolumes: true, Durability.Eventual);
    }

    async Task RemoveNowAsync(ContainerUnit unit, bool withVolumes, Durability intent)
    {
        FaultPoint.Reach("container.remove.before");
        await unit.ChangeAsync(
            context.Records,
            record => record with
            {
                Phase = ContainerPhase.Removing,
                RemovesVolumes = withVolumes,
                Container = record.Container with { State = record.Container.State with { Status = ContainerStatus.Removing } },
            },
            intent);
        FaultPoint.Reach("container.remove.recorded");
        try
        {
            await new ContainerRollback(context).RunAsync(unit);
        }
        catch
        {
            // What is left can be removed by trying again, and by nothing else.
            await unit.ChangeAsync(
                context.Records,
                static record => record with { Phase = ContainerPhase.Ready, Container = record.Container with { State = record.Container.State with { Status = ContainerStatus.Dead } } },
                Durability.Eventual);
            throw;
        }

        context.Tell(unit.Container, "destroy");
        var exit = new ContainerExit(unit.Container.State.ExitCode);
        Streams.ConsoleHub console = unit.ReplaceConsole();
        await console.EndAsync();
        foreach (ContainerWaiter waiter in unit.TakeWaiters(static _ => true))
            waiter.Complete(exit);
    }
}
