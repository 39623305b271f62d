using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>What a restart does once it is known who is still there: uses without a holder end, and what plugins are owed is told to them.</summary>
/// <param name="volumes">The store.</param>
/// <param name="context">Its parts.</param>
/// <param name="unsettled">Volumes of plugins with which the last run did not finish.</param>
sealed class VolumeReconciliation(VolumeStore volumes, VolumeContext context, IReadOnlyList<VolumeName> unsettled)
{
    readonly SemaphoreSlim settling = new(1, 1);
    IReadOnlySet<string> holders = new HashSet<string>();
    IReadOnlyList<VolumeName> unsettled = unsettled;

    /// <summary>See <see cref="VolumeStore.ReconcileAsync"/>.</summary>
    /// <returns>What could not be put right, a sentence each.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlySet<string> holders, IReadOnlySet<string> running, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        IReadOnlyList<VolumeUse> uses = await context.Ledger.AllAsync(why => findings.Add(why.Message), cancellationToken);
        this.holders = holders.Concat(uses.Select(static use => use.Attachment.Holder).Where(ClusterHolder.IsOne)).ToHashSet(StringComparer.Ordinal);
        foreach (VolumeUse use in uses)
        {
            if (ForeignHolder.IsLive(use.Attachment.Holder) || ClusterHolder.IsOne(use.Attachment.Holder))
                continue;
            try
            {
                if (use.Mounted && !running.Contains(use.Attachment.Holder))
                    await volumes.Uses.UnmountAsync(use.Volume, use.Attachment.Holder, cancellationToken);
                if (!holders.Contains(use.Attachment.Holder))
                    await DropAsync(use, cancellationToken);
            }
            catch (Exception failed) when (failed is StrakeException or IOException)
            {
                findings.Add($"volume {use.Volume}: {use.Attachment.Holder} has it no more, and its use of it stays: {failed.Message}");
            }
        }

        return findings;
    }

    /// <summary>See <see cref="VolumeStore.SettleSharedAsync"/>.</summary>
    public async Task<IReadOnlyList<string>> SettleSharedAsync(CancellationToken cancellationToken)
    {
        await settling.WaitAsync(cancellationToken);
        try
        {
            if (context.Drivers.Plugins is { } plugins)
                await plugins.SettleAsync(holders, cancellationToken);
            IReadOnlyList<string> findings = context.Drivers.Csi is { } csi ? await csi.SettleAsync(holders, cancellationToken) : [];
            return [.. findings, .. await SettleLeftAloneAsync(cancellationToken)];
        }
        finally
        {
            settling.Release();
        }
    }

    /// <summary>See <see cref="VolumeStore.SettleLeftAsync"/>.</summary>
    public async Task<IReadOnlyList<string>> SettleLeftAsync(CancellationToken cancellationToken)
    {
        await settling.WaitAsync(cancellationToken);
        try
        {
            return await SettleLeftAloneAsync(cancellationToken);
        }
        finally
        {
            settling.Release();
        }
    }

    /// <summary>Waits until nothing is being settled.</summary>
    public async Task QuietAsync(CancellationToken cancellationToken)
    {
        await settling.WaitAsync(cancellationToken);
        settling.Release();
    }

    async Task<IReadOnlyList<string>> SettleLeftAloneAsync(CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        var left = new List<VolumeName>();
        foreach (VolumeName name in unsettled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await SettleSharedAsync(name, cancellationToken);
            }
            catch (Exception failed) when (failed is StrakeException or IOException)
            {
                left.Add(name);
                findings.Add($"volume {name}: what the last run left unfinished cannot be finished yet: {failed.Message}");
            }
        }

        unsettled = left;
        return findings;
    }

    async Task SettleSharedAsync(VolumeName name, CancellationToken cancellationToken)
    {
        using IDisposable turn = await context.Names.EnterAsync(name, cancellationToken);
        if (await context.Records.FindAsync(name, cancellationToken) is not { } record)
            return;
        if (record.Value.State is VolumeState.Removing)
            await context.Lifecycle.RemoveAsync(name, record, cancellationToken);
        else
            await context.Lifecycle.ReadyAsync(name, record, cancellationToken);
    }

    // Nobody knows the name of an anonymous volume that lost its last user.
    async Task DropAsync(VolumeUse use, CancellationToken cancellationToken)
    {
        await volumes.Uses.DetachAsync(use.Volume, use.Attachment.Holder, cancellationToken);
        bool orphaned = await volumes.FindAsync(use.Volume, cancellationToken) is { IsAnonymous: true }
            && (await volumes.Uses.OfAsync(use.Volume, cancellationToken)).Count == 0;
        if (orphaned)
            await volumes.RemoveAsync(use.Volume, force: true, cancellationToken);
    }
}
