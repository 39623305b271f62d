namespace Strake.Volumes.Records;

/// <summary>The mounts that plugins were asked for, as records: <c>volume-mount/&lt;name&gt;/&lt;id&gt;</c>.</summary>
/// <remarks>Not waited for on disk: what a power cut forgets, it has unmounted as well.</remarks>
/// <param name="state">Where records are kept.</param>
public sealed class MountJournal(IStateStore state) : IMountJournal
{
    const string Root = "volume-mount/";

    readonly StateTable<MountUseRecord> uses = new(state, Root, VolumeJson.Default.MountUseRecord);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MountUse>> OfAsync(VolumeName volume, CancellationToken cancellationToken) =>
        RangeAsync($"{Root}{volume}/", cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<MountUse>> AllAsync(CancellationToken cancellationToken) => RangeAsync(Root, cancellationToken);

    /// <inheritdoc/>
    public Task PutAsync(MountUse use)
    {
        var transaction = new StateTransaction(Durability.Eventual);
        uses.Put(transaction, Id(use), new MountUseRecord(use.Holder, use.Driver, use.State));
        return state.CommitAsync(transaction, CancellationToken.None).AsTask();
    }

    /// <inheritdoc/>
    public Task DeleteAsync(MountUse use)
    {
        var transaction = new StateTransaction(Durability.Eventual);
        uses.Delete(transaction, Id(use));
        return state.CommitAsync(transaction, CancellationToken.None).AsTask();
    }

    async ValueTask<IReadOnlyList<MountUse>> RangeAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<MountUse>();
        foreach (StateEntry entry in await state.RangeAsync(prefix, cancellationToken))
        {
            string id = entry.Key[Root.Length..];
            int slash = id.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && VolumeName.TryParse(id[..slash], out VolumeName volume) && Read(entry) is { } record)
                found.Add(new MountUse(volume, id[(slash + 1)..], record.Holder, record.Driver, record.State));
        }

        return found;
    }

    // A record that cannot be read names no plugin that could be told; the check tells of it.
    MountUseRecord? Read(StateEntry entry)
    {
        try
        {
            return uses.Read(entry).Value;
        }
        catch (StrakeException)
        {
            return null;
        }
    }

    static string Id(MountUse use) => $"{use.Volume}/{use.Id}";
}
