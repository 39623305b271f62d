using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>
/// Who has which volume: the one place that removal, pruning and questions ask. Every change of a volume's uses also
/// rewrites the volume's record, so that a removal decided on an older view fails at its commit.
/// </summary>
sealed class AttachmentLedger(IStateStore state, TimeProvider time)
{
    const string Root = "volume-use/";

    readonly StateTable<VolumeUseRecord> uses = new(state, Root, VolumeJson.Default.VolumeUseRecord);

    /// <summary>Adds the writing of a use to a transaction. Repeated for one holder, the later one stands.</summary>
    public void Put(StateTransaction transaction, VolumeName name, Attachment attachment) =>
        uses.Put(transaction, Id(name, attachment.Holder), new VolumeUseRecord(attachment.Destination, attachment.ReadOnly, time.GetUtcNow()));

    /// <summary>Adds the end of a use to a transaction.</summary>
    public void Delete(StateTransaction transaction, VolumeName name, string holder) =>
        uses.Delete(transaction, Id(name, holder));

    /// <summary>All uses of one volume, in the order of their holders.</summary>
    public async ValueTask<IReadOnlyList<VolumeUse>> OfAsync(VolumeName name, CancellationToken cancellationToken) =>
        await RangeAsync($"{Root}{name}/", static _ => { }, cancellationToken);

    /// <summary>All uses of all volumes.</summary>
    /// <param name="unreadable">Called for each use whose record cannot be read.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public ValueTask<IReadOnlyList<VolumeUse>> AllAsync(Action<StrakeException> unreadable, CancellationToken cancellationToken) =>
        RangeAsync(Root, unreadable, cancellationToken);

    // The key alone says who has what, and that must stand: a use that cannot be read still keeps its volume.
    async ValueTask<IReadOnlyList<VolumeUse>> RangeAsync(string prefix, Action<StrakeException> unreadable, CancellationToken cancellationToken)
    {
        var found = new List<VolumeUse>();
        foreach (StateEntry entry in await state.RangeAsync(prefix, cancellationToken))
        {
            string id = entry.Key[Root.Length..];
            int slash = id.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
                unreadable(StrakeException.DataLoss($"record {entry.Key} does not name a volume and its user"));
            else
                found.Add(UseOf(id[..slash], id[(slash + 1)..], Read(entry, unreadable)));
        }

        return found;
    }

    VolumeUseRecord? Read(StateEntry entry, Action<StrakeException> unreadable)
    {
        try
        {
            return uses.Read(entry).Value;
        }
        catch (StrakeException e)
        {
            unreadable(e);
            return null;
        }
    }

    static VolumeUse UseOf(string volume, string holder, VolumeUseRecord? record) =>
        new(volume, new Attachment(holder, record?.Destination ?? "", record?.ReadOnly ?? false), record?.Since ?? default);

    static string Id(VolumeName name, string holder) => $"{name}/{holder}";
}
