using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;
using Strake.Linux;
using Strake.Volumes;
using VolumeUse = Strake.Kubernetes.Pods.VolumeUse;

namespace Strake.Kubernetes.Storage;

/// <summary>How pods get what claims have: by the engine's ledger where the storage is a volume of the engine, by its path where it is a place of the host.</summary>
/// <param name="volumes">The engine's volumes.</param>
/// <param name="places">Which of them have the storage.</param>
sealed class ClaimMounts(VolumeStore volumes, StoragePlaces places) : IClaimMounts
{
    /// <inheritdoc/>
    public async ValueTask<ClaimMount> MountAsync(PersistentVolume volume, VolumeUse use, CancellationToken cancellationToken)
    {
        bool readOnly = IsReadOnly(volume, use);
        if (IsPlaceOfHost(volume)) return Find(volume, readOnly);
        string name = await places.GetAsync(volume, cancellationToken);
        bool isNew = await AttachAsync(name, use, readOnly, cancellationToken);
        try
        {
            string path = await volumes.Uses.MountAsync(name, ClusterHolder.Pod(use.PodUid), cancellationToken);
            return new ClaimMount(path, volume.VolumeMode is VolumeMode.Block, readOnly);
        }
        catch when (isNew)
        {
            // Who waits for a volume does not keep it from others.
            await volumes.Uses.DetachAsync(name, ClusterHolder.Pod(use.PodUid), CancellationToken.None);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(PersistentVolume volume, VolumeUse use, CancellationToken cancellationToken)
    {
        if (IsPlaceOfHost(volume) || await places.FindAsync(volume, cancellationToken) is not { } name) return;
        await ReleaseAsync(name, ClusterHolder.Pod(use.PodUid), cancellationToken);
        if (volume.IsInline) await places.ReturnUnusedAsync(volume.Name, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ReconcileAsync(IReadOnlySet<string> pods, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        foreach (Strake.Volumes.VolumeUse use in await volumes.Uses.AllAsync(cancellationToken))
        {
            if (ClusterHolder.PodUidOf(use.Attachment.Holder) is not { } uid || pods.Contains(uid)) continue;
            try
            {
                await ReleaseAsync(use.Volume, use.Attachment.Holder, cancellationToken);
            }
            catch (Exception failed) when (failed is StrakeException or IOException)
            {
                findings.Add($"volume {use.Volume}: {use.Attachment.HolderId} is gone, and its use of it stays: {failed.Message}");
            }
        }

        return findings;
    }

    async Task ReleaseAsync(string name, string holder, CancellationToken cancellationToken)
    {
        await volumes.Uses.UnmountAsync(name, holder, cancellationToken);
        await volumes.Uses.DetachAsync(name, holder, cancellationToken);
    }

    async Task<bool> AttachAsync(string name, VolumeUse use, bool readOnly, CancellationToken cancellationToken)
    {
        string holder = ClusterHolder.Pod(use.PodUid);
        // Written again, it would be one that is not mounted.
        if ((await volumes.Uses.OfAsync(name, cancellationToken)).Any(known => known.Attachment.Holder == holder && known.Attachment.ReadOnly == readOnly)) return false;
        await volumes.Uses.AttachAsync(name, new Attachment(holder, use.Pod.ToString(), readOnly), cancellationToken);
        return true;
    }

    static bool IsPlaceOfHost(PersistentVolume volume) =>
        volume.Source.Type is "hostPath" || (volume.Source is { Type: "local", FsType.Length: 0 });

    static bool IsReadOnly(PersistentVolume volume, VolumeUse use) =>
        use.ReadOnly || volume.Source.ReadOnly || (use.AccessModes is AccessModes.None ? volume.AccessModes : use.AccessModes) is AccessModes.ReadOnlyMany;

    static ClaimMount Find(PersistentVolume volume, bool readOnly)
    {
        string path = volume.Source.Handle;
        if (volume.Source.Type is "hostPath")
            HostPaths.Require(volume.Source);
        else if (!Syscall.TryStatAt(Syscall.WorkingDirectory, path, out _, AtFlags.None))
            throw StrakeException.NotFound($"local volume {volume.Name}: path \"{path}\" does not exist");
        return new ClaimMount(path, volume.VolumeMode is VolumeMode.Block, readOnly);
    }
}
