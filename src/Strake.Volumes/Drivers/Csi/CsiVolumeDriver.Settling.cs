namespace Strake.Volumes;

/// <content>What an earlier run has left, and what is nobody's any more.</content>
public sealed partial class CsiVolumeDriver
{
    /// <summary>
    /// The engine is up, or the driver has come (back): takes volumes from the node that nobody has any more, and removes those that are
    /// nobody's any more.
    /// </summary>
    /// <param name="holders">All holders that there are.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    /// <returns>What could not be done, a sentence each.</returns>
    internal async Task<IReadOnlyList<string>> SettleAsync(IReadOnlySet<string> holders, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        foreach (CsiVolume found in shelf.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                using IDisposable turn = await EnterAsync(found, cancellationToken);
                await SettleAsync(found.Handle, holders, cancellationToken);
            }
            catch (CsiRefusalException refused)
            {
                Keep(refused.Words);
            }
            catch (StrakeException failed)
            {
                Keep(failed.Message);
            }

            void Keep(string why)
            {
                kept[found.Handle] = why;
                findings.Add($"{Describe(found)}: what was left unfinished cannot be finished yet: {why}");
            }
        }

        return findings;
    }

    /// <summary>Compares what is written down with what the driver has.</summary>
    /// <returns>What is wrong, a sentence each.</returns>
    internal async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        foreach (CsiVolume orphan in shelf.All.Where(static volume => volume.Name is null))
        {
            // One that is on its way out is no finding.
            if (kept.TryGetValue(orphan.Handle, out string? why) || link.Current is null)
                findings.Add($"{Describe(orphan)}: it is nobody's, and not removed there yet{(why is null ? "" : $": {why}")}");
        }

        if (link.Current is null)
            return findings;
        try
        {
            if (await controller.ListAsync(cancellationToken) is { } there)
            {
                findings.AddRange(
                    from volume in shelf.All
                    where volume is { Name: not null, State: CsiVolumeState.Ready, Id: not null } && !there.Contains(volume.Id)
                    select $"volume {volume.Name}: its driver {Name} has it no more (it was {volume.Id} there)");
            }
        }
        catch (CsiRefusalException refused)
        {
            findings.Add($"volumes of {Name} cannot be compared with what it has: {refused.Words}");
        }

        return findings;
    }

    async Task SettleAsync(string handle, IReadOnlySet<string> holders, CancellationToken cancellationToken)
    {
        if (shelf.Find(handle) is not { } volume || underWay.ContainsKey(handle))
            return;
        string[] left = [.. volume.Holders.Where(holder => !claims.ContainsKey((handle, holder)) && !holders.Contains(holder) && !ForeignHolder.IsLive(holder))];
        if (left.Length > 0)
            volume = await shelf.StepAsync(volume with { Holders = [.. volume.Holders.Except(left)] });
        if (volume.Holders.Count == 0 && volume.Place is not CsiPlace.None)
        {
            await node.WithdrawAsync(volume, cancellationToken);
            volume = shelf.Find(handle)!;
        }

        if (volume.Name is null)
            await RemoveOrphanAsync(volume, cancellationToken);
        kept.TryRemove(handle, out _);
    }

    // Made or not, that is not known: it is asked for once more, which tells, and then removed.
    async Task RemoveOrphanAsync(CsiVolume orphan, CancellationToken cancellationToken)
    {
        try
        {
            if (orphan.Id is null)
                orphan = await controller.MakeAsync(orphan, cancellationToken);
        }
        catch (CsiRefusalException refused) when (!refused.IsOpen)
        {
            orphan = shelf.Find(orphan.Handle)!;
            if (orphan.Id is null)
            {
                await shelf.DeleteAsync(orphan);
                return;
            }
        }

        foreach (CsiSnapshot snapshot in orphan.Snapshots)
            orphan = await snapshots.RemoveAsync(orphan, snapshot.Name, cancellationToken);
        await controller.DeleteAsync(orphan, cancellationToken);
    }

    void SettleOrphansSoon()
    {
        if (isOpen() && shelf.All.Any(static volume => volume.Name is null))
            _ = Task.Run(SettleOrphansAsync);
    }

    async Task SettleOrphansAsync()
    {
        foreach (CsiVolume orphan in shelf.All.Where(static volume => volume.Name is null))
        {
            try
            {
                using IDisposable turn = await EnterAsync(orphan, CancellationToken.None);
                await SettleAsync(orphan.Handle, new HashSet<string>(), CancellationToken.None);
            }
            catch (Exception later) when (later is CsiRefusalException or StrakeException)
            {
                // It stays written down: the next removal, the driver's next coming or the next start tries again, and fsck tells of it.
                kept[orphan.Handle] = later is CsiRefusalException refused ? refused.Words : later.Message;
            }
        }
    }
}
