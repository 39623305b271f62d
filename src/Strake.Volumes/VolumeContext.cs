using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>What the parts of a volume store share: the records, whose turn a name has, which driver is meant, and who is told of what happens.</summary>
/// <param name="Ledger">Who has which volume.</param>
/// <param name="Records">The volumes' records.</param>
/// <param name="Lifecycle">The steps of a volume's life.</param>
/// <param name="Names">Lets one operation at a time work on a name.</param>
/// <param name="Drivers">The drivers, by their names.</param>
/// <param name="Time">The clock of creation times and events.</param>
/// <param name="OnEvent">Told of what happens.</param>
sealed record VolumeContext(
    AttachmentLedger Ledger,
    VolumeRecords Records,
    VolumeLifecycle Lifecycle,
    NameQueue Names,
    VolumeDrivers Drivers,
    TimeProvider Time,
    Action<EngineEvent>? OnEvent)
{
    /// <summary>The parts of a store that nobody else has.</summary>
    public static VolumeContext Of(VolumeStoreOptions options)
    {
        var ledger = new AttachmentLedger(options.State, options.Time);
        var records = new VolumeRecords(options.State, ledger, options.Time);
        var drivers = new VolumeDrivers(options.Drivers, options.Plugins, options.Csi);
        return new VolumeContext(ledger, records, new VolumeLifecycle(records, ledger, drivers.Get), new NameQueue(), drivers, options.Time, options.OnEvent);
    }

    /// <summary>A volume that can be used; whoever asks has the name's turn. What an earlier operation left unfinished is finished or taken back.</summary>
    /// <exception cref="StrakeException">NotFound. Conflict: an earlier removal of it did not finish.</exception>
    public async Task<Versioned<VolumeRecord>> ReadyAsync(VolumeName name, CancellationToken cancellationToken) =>
        await Lifecycle.ReadyAsync(name, await Records.GetAsync(name, cancellationToken), cancellationToken);

    /// <summary>As <see cref="ReadyAsync"/>, for whoever does not want the volume's content yet.</summary>
    /// <exception cref="StrakeException">NotFound. Conflict: an earlier removal of it did not finish.</exception>
    public async Task<Versioned<VolumeRecord>> ThereAsync(VolumeName name, CancellationToken cancellationToken) =>
        await Lifecycle.ThereAsync(name, await Records.GetAsync(name, cancellationToken), cancellationToken);

    /// <summary>Tells that something happened to a volume.</summary>
    public void Tell(string action, VolumeName name, ReadOnlySpan<KeyValuePair<string, string>> attributes) => Tell(action, name.ToString(), attributes);

    /// <summary>Tells that something happened; the name is empty where it happened to several.</summary>
    public void Tell(string action, string name, ReadOnlySpan<KeyValuePair<string, string>> attributes) =>
        OnEvent?.Invoke(new EngineEvent("volume", action, name, new Dictionary<string, string>(attributes.ToArray()), Time.GetUtcNow()));
}
