using Strake.Containers;
using Strake.Volumes;

namespace Strake.Daemon.StrakeApi;

/// <summary>Containers that would write to a volume while it is copied, frozen until this is disposed.</summary>
/// <remarks>
/// They are frozen before the volume's turn is taken: whoever starts a container has its turn, and waits for the volume's. A daemon that is killed
/// meanwhile leaves them paused, as <c>docker ps</c> shows them then.
/// </remarks>
sealed class HeldWriters : IHeldWriters
{
    const string ContainerHolder = "container/";
    const string PodUidLabel = "io.kubernetes.pod.uid";

    readonly ContainerEngine containers;
    readonly List<string> paused = [];
    readonly HashSet<string> holders = [];

    HeldWriters(ContainerEngine containers) => this.containers = containers;

    /// <inheritdoc/>
    public IReadOnlySet<string> Holders => holders;

    /// <summary>Freezes whoever has a volume mounted to write to it.</summary>
    /// <param name="volumes">The volumes.</param>
    /// <param name="containers">Who may have them.</param>
    /// <param name="volume">The volume.</param>
    /// <param name="always">Whether also where a copy is of one moment anyway.</param>
    /// <param name="cancellationToken">Gives up; nobody stays frozen.</param>
    public static async Task<HeldWriters> OfAsync(VolumeStore volumes, ContainerEngine containers, string volume, bool always, CancellationToken cancellationToken)
    {
        var held = new HeldWriters(containers);
        if (!always && await volumes.Copies.AreOfOneMomentAsync(volume, cancellationToken))
            return held;
        try
        {
            foreach (VolumeUse use in await volumes.Uses.OfAsync(volume, cancellationToken))
            {
                if (use is not { Mounted: true, Attachment.ReadOnly: false })
                    continue;
                if (ClusterHolder.PodUidOf(use.Attachment.Holder) is { } uid)
                    await held.HoldPodAsync(use.Attachment.Holder, uid, cancellationToken);
                else if (use.Attachment.Holder.StartsWith(ContainerHolder, StringComparison.Ordinal))
                    await held.HoldAsync(use.Attachment.Holder, use.Attachment.Holder[ContainerHolder.Length..], cancellationToken);
            }

            return held;
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (string id in paused)
        {
            try
            {
                await containers.UnpauseAsync(id, CancellationToken.None);
            }
            catch (StrakeException gone) when (gone.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
            {
                // Somebody else has let it go on, or ended it.
                continue;
            }
        }
    }

    // A pod writes as long as one of its containers does.
    async Task HoldPodAsync(string holder, string uid, CancellationToken cancellationToken)
    {
        foreach (Container container in await containers.ListAsync(cancellationToken))
        {
            if (container.Config.Labels?.GetValueOrDefault(PodUidLabel) == uid)
                await HoldAsync(holder, container.Id, cancellationToken);
        }
    }

    async Task HoldAsync(string holder, string id, CancellationToken cancellationToken)
    {
        if (await containers.FindAsync(id, cancellationToken) is not { } container)
            return;
        if (container.State.Status is ContainerStatus.Running)
        {
            await containers.PauseAsync(id, cancellationToken);
            paused.Add(id);
        }

        // One that somebody has paused does not write either.
        if (container.State.Status is ContainerStatus.Running or ContainerStatus.Paused)
            holders.Add(holder);
    }
}
