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
        await RangeAsync($"{Root}{name}/", cancellationToken);

    /// <summary>All uses of all volumes.</summary>
    public ValueTask<IReadOnlyList<VolumeUse>> AllAsync(CancellationToken cancellationToken) => RangeAsync(Root, cancellationToken);

    async ValueTask<IReadOnlyList<VolumeUse>> RangeAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = new List<VolumeUse>();
        foreach (StateEntry entry in await state.RangeAsync(prefix, cancellationToken))
        {
            Versioned<VolumeUseRecord> use = uses.Read(entry);
            int slash = use.Id.IndexOf('/', StringComparison.Ordinal);
            var attachment = new Attachment(use.Id[(slash + 1)..], use.Value.Destination, use.Value.ReadOnly);
            found.Add(new VolumeUse(use.Id[..slash], attachment, use.Value.Since));
        }

        return found;
    }

    static string Id(VolumeName name, string holder) => $"{name}/{holder}";
}
