using Strake.Volumes;

namespace Strake.Containers.Plugins;

/// <summary>A managed plugin in memory: its record, and its run.</summary>
sealed class PluginUnit(string id, PluginRecord record, PluginConfig config)
{
    readonly SemaphoreSlim turn = new(1, 1);

    public string Id { get; } = id;

    public PluginRecord Record { get; set; } = record;

    public PluginConfig Config { get; set; } = config;

    /// <summary>Its run, on its way up or up; faulted when it cannot be started; null: it is switched off.</summary>
    public Task<RunningPlugin>? Run { get; set; }

    public bool IsVolumeDriver => Config.Interface.Types.Contains(PluginDocuments.VolumeDriver, StringComparer.OrdinalIgnoreCase);

    public ManagedPlugin View => new(Id, Record.Name, Record.Remote, Record.IsEnabled, Config, Record.Settings);

    /// <summary>Waits for the plugin's turn; dispose what is returned to end it.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    /// <summary>Where it is spoken to.</summary>
    public PluginAddress AddressOf(RunningPlugin running, PluginFolder folder) => new(Record.Name, new Uri("unix://" + running.Socket))
    {
        // Without a folder that is shared its files are seen where they are unpacked.
        View = Config.PropagatedMount.Length > 0
            ? new PluginView(Config.PropagatedMount, folder.Propagated(Id))
            : new PluginView("/", folder.Root(Id, Record.Content.Root)),
    };

    sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
