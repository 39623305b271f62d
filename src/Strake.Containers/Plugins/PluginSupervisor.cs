using Microsoft.Extensions.Logging;
using Strake.Containers.Engine;

namespace Strake.Containers.Plugins;

/// <summary>Has plugins that are on run: starts them, watches over them, and starts those again that end by themselves.</summary>
sealed partial class PluginSupervisor : IAsyncDisposable
{
    static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    readonly PluginFolder folder;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly Lazy<PluginRunner> runner;
    readonly BackgroundWork background;

    public PluginSupervisor(PluginFolder folder, PluginStoreOptions options)
    {
        this.folder = folder;
        time = options.Time;
        logger = options.Logger;
        // Nobody who has no plugin pays for one.
        runner = new Lazy<PluginRunner>(() => new PluginRunner(folder, options.Conmon, options.CgroupParent, logger, time));
        background = new BackgroundWork(logger);
    }

    /// <summary>Starts a plugin that was switched on, and waits until it answers.</summary>
    /// <param name="unit">The plugin; the caller has its turn.</param>
    /// <param name="limit">How long to wait; zero: half a minute.</param>
    /// <exception cref="StrakeException">Internal: it does not start; nothing of it runs then.</exception>
    public async Task StartAsync(PluginUnit unit, TimeSpan limit)
    {
        try
        {
            Task<RunningPlugin> starting = RunAsync(unit, limit > TimeSpan.Zero ? limit : s_startLimit, CancellationToken.None);
            unit.Run = starting;
            Watch(unit, await starting);
        }
        catch
        {
            unit.Run = null;
            await StopAsync(unit.Id);
            throw;
        }
    }

    /// <summary>Ends a plugin with all that it has mounted. Idempotent.</summary>
    public Task StopAsync(string id) => runner.Value.StopAsync(id);

    /// <summary>Takes over a plugin that was on in the last run of the engine, without waiting for it. It runs, or the machine went down, or it ended since.</summary>
    public void Resume(PluginUnit unit)
    {
        if (runner.Value.Adopt(unit.View) is { } running)
        {
            unit.Run = Task.FromResult(running);
            Watch(unit, running);
            return;
        }

        TaskCompletionSource<RunningPlugin> starting = Promise();
        unit.Run = starting.Task;
        background.Begin($"plugin {unit.Record.Name}: its start", () => StartAgainAsync(unit, starting));
    }

    /// <summary>Ends what is under way. Plugins go on.</summary>
    public ValueTask DisposeAsync() => background.DisposeAsync();

    void Watch(PluginUnit unit, RunningPlugin running) => background.Begin($"plugin {unit.Record.Name}: the watch over it", async () =>
    {
        await running.Ended.WaitAsync(background.Stopping);
        if (!unit.Record.IsEnabled || unit.Run is not { } run || !run.IsCompletedSuccessfully || !ReferenceEquals(await run, running))
            return;
        LogEnded(logger, unit.Record.Name);
        TaskCompletionSource<RunningPlugin> starting = Promise();
        unit.Run = starting.Task;
        await StartAgainAsync(unit, starting);
    });

    // Until it runs, or is switched off. Who waits for it is told of each failure.
    async Task StartAgainAsync(PluginUnit unit, TaskCompletionSource<RunningPlugin> starting)
    {
        TimeSpan pause = TimeSpan.Zero;
        while (true)
        {
            using (await unit.EnterAsync(background.Stopping))
            {
                if (!unit.Record.IsEnabled)
                {
                    starting.TrySetException(StrakeException.Conflict($"plugin {unit.Record.Name} found but disabled"));
                    return;
                }

                try
                {
                    RunningPlugin running = await RunAsync(unit, s_startLimit, background.Stopping);
                    starting.TrySetResult(running);
                    Watch(unit, running);
                    return;
                }
                catch (Exception failed) when (failed is StrakeException or IOException)
                {
                    LogNotStarted(logger, unit.Record.Name, failed);
                    starting.TrySetException(failed);
                    _ = starting.Task.Exception;
                    starting = Promise();
                    pause = pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
                }
            }

            await Task.Delay(pause, time, background.Stopping);
            unit.Run = starting.Task;
        }
    }

    Task<RunningPlugin> RunAsync(PluginUnit unit, TimeSpan limit, CancellationToken cancellationToken) =>
        runner.Value.StartAsync(unit.View, folder.Root(unit.Id, unit.Record.Content.Root), limit, cancellationToken);

    static TaskCompletionSource<RunningPlugin> Promise() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Error, Message = "plugin {Name} cannot be started")]
    static partial void LogNotStarted(ILogger logger, string name, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "plugin {Name} has ended, and is started again")]
    static partial void LogEnded(ILogger logger, string name);
}
