namespace Strake.Volumes.Records;

/// <summary>What CSI drivers were asked for, as records: <c>csi-volume/&lt;driver&gt;/&lt;handle&gt;</c>.</summary>
/// <param name="state">Where records are kept.</param>
public sealed class CsiJournal(IStateStore state) : ICsiJournal
{
    readonly StateTable<CsiVolume> volumes = new(state, "csi-volume/", VolumeJson.Default.CsiVolume);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CsiVolume>> AllAsync(Action<string, StrakeException> unreadable, CancellationToken cancellationToken) =>
        [.. (await volumes.ListAsync(unreadable, cancellationToken)).Select(static record => record.Value)];

    /// <inheritdoc/>
    public async Task PutAsync(IReadOnlyList<CsiVolume> volumes, bool mustSurvivePowerCut)
    {
        var transaction = new StateTransaction(mustSurvivePowerCut ? Durability.Synced : Durability.Eventual);
        foreach (CsiVolume volume in volumes)
            this.volumes.Put(transaction, Id(volume), volume);
        await state.CommitAsync(transaction, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(CsiVolume volume)
    {
        var transaction = new StateTransaction(Durability.Eventual);
        volumes.Delete(transaction, Id(volume));
        await state.CommitAsync(transaction, CancellationToken.None);
    }

    static string Id(CsiVolume volume) => $"{volume.Driver}/{volume.Handle}";
}
