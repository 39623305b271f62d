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
        uses.Put(transaction, Id(name, attachment.Holder), new VolumeUseRecord(attachment.Destination, attachment.ReadOnly, time.GetUtcNow(), Terms: attachment.Terms));

    /// <summary>Adds to a transaction that a use is mounted, or is no more.</summary>
    public void PutMounted(StateTransaction transaction, VolumeUse use, bool mounted) => uses.Put(
        transaction,
        $"{use.Volume}/{use.Attachment.Holder}",
        new VolumeUseRecord(use.Attachment.Destination, use.Attachment.ReadOnly, use.Since, mounted, use.Attachment.Terms));

    /// <summary>Adds the end of a use to a transaction.</summary>
    public void Delete(StateTransaction transaction, VolumeName name, string holder) =>
        uses.Delete(transaction, Id(name, holder));

    /// <summary>All uses of one volume, in the order of their holders.</summary>
    public async ValueTask<IReadOnlyList<VolumeUse>> OfAsync(VolumeName name, CancellationToken cancellationToken) =>
        await RangeAsync($"{Root}{name}/", static _ => { }, cancellationToken);

    /// <summary>Refuses an operation on a volume that somebody uses, in Docker's words.</summary>
    /// <exception cref="StrakeException">InUse: names the users.</exception>
    public async Task RequireNoneAsync(string operation, VolumeName name, CancellationToken cancellationToken)
    {
        if (await OfAsync(name, cancellationToken) is { Count: > 0 } users)
            throw StrakeException.InUse($"{operation} {name}: volume is in use - [{string.Join(", ", users.Select(static use => use.Attachment.HolderId))}]");
    }

    /// <summary>Refuses a holder a mount that the terms of another do not leave to it. The caller has the name's turn, so that two who come at once are told apart.</summary>
    /// <exception cref="StrakeException">InUse: says whose terms, or who has it.</exception>
    public async Task RequireTermsAsync(VolumeName name, string holder, CancellationToken cancellationToken)
    {
        IReadOnlyList<VolumeUse> all = await OfAsync(name, cancellationToken);
        bool writes = all.Any(use => use.Attachment.Holder == holder && !use.Attachment.ReadOnly);
        foreach (VolumeUse use in all.Where(use => use.Attachment.Terms is not UseTerms.Shared && use.Attachment.Holder != holder))
        {
            string? refusal = use.Attachment.Terms switch
            {
                UseTerms.OneUser when all.FirstOrDefault(other => other.Mounted && other.Attachment.Holder != holder) is { } other =>
                    $"volume uses the ReadWriteOncePod access mode and is already in use by {ClusterHolder.NameOf(other.Attachment) ?? $"container {other.Attachment.HolderId}"}",
                UseTerms.Readers when writes => $"{use.Attachment.HolderId} leaves it to readers only (ReadOnlyMany); mount it read-only",
                _ => null,
            };
            if (refusal is not null)
                throw StrakeException.InUse($"mount {name}: {refusal}");
        }
    }

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
        new(volume, new Attachment(holder, record?.Destination ?? "", record?.ReadOnly ?? false) { Terms = record?.Terms ?? UseTerms.Shared }, record?.Since ?? default, record?.Mounted ?? false);

    static string Id(VolumeName name, string holder) => $"{name}/{holder}";
}
