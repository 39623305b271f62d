namespace Strake.Volumes;

/// <summary>What a <see cref="VolumeStore"/> is made of.</summary>
/// <param name="State">Where records are kept; not disposed by the store.</param>
/// <param name="Drivers">The volume drivers, each under its own name.</param>
/// <param name="Time">The clock of creation times and events.</param>
/// <param name="OnEvent">Told of what happens; called on the thread on which it happens, and so brief. May be null.</param>
/// <param name="Plugins">The drivers that are programs of others; null: none. Disposed by who made them.</param>
/// <param name="Csi">The drivers of the Container Storage Interface; null: none. Disposed by who made them.</param>
public sealed record VolumeStoreOptions(
    IStateStore State, IReadOnlyList<IVolumeDriver> Drivers, TimeProvider Time, Action<EngineEvent>? OnEvent = null, PluginDrivers? Plugins = null, CsiDrivers? Csi = null);
