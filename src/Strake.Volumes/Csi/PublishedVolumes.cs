using Microsoft.Win32.SafeHandles;
using Strake.Csi;
using Strake.Grpc;
using Strake.Linux;
using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>Volumes at the places where an orchestrator wants them: each place is a holder in the ledger, and a mount of its own.</summary>
/// <remarks>
/// Written down before the ledger and the mount, and deleted after them, so that whatever is killed in between, a repeated call ends as if it
/// had run once, and a place whose machine was started anew is nobody's.
/// </remarks>
/// <param name="options">The volumes and the records.</param>
/// <param name="records">What was asked for.</param>
/// <param name="names">Lets one call at a time work on a volume's places.</param>
/// <param name="volumes">The volumes as they are served.</param>
sealed class PublishedVolumes(StrakeCsiOptions options, ServedRecords records, NameQueue names, ServedVolumes volumes)
{
    // VolumeCapability.AccessMode.Mode: those with which a second place on one machine is no mistake.
    static readonly HashSet<VolumeCapability.Types.AccessMode.Types.Mode> s_shared =
    [
        VolumeCapability.Types.AccessMode.Types.Mode.MultiNodeReaderOnly,
        VolumeCapability.Types.AccessMode.Types.Mode.MultiNodeSingleWriter,
        VolumeCapability.Types.AccessMode.Types.Mode.MultiNodeMultiWriter,
        VolumeCapability.Types.AccessMode.Types.Mode.SingleNodeMultiWriter,
    ];

    static readonly HashSet<VolumeCapability.Types.AccessMode.Types.Mode> s_readOnly =
    [
        VolumeCapability.Types.AccessMode.Types.Mode.SingleNodeReaderOnly,
        VolumeCapability.Types.AccessMode.Types.Mode.MultiNodeReaderOnly,
    ];

    /// <summary>Makes a volume available at a place.</summary>
    /// <exception cref="GrpcException">NotFound. AlreadyExists: it is there in another way. FailedPrecondition: it is elsewhere, or the place is taken.</exception>
    public async Task PublishAsync(NodePublishVolumeRequest request, CancellationToken cancellationToken)
    {
        string id = CsiFields.Required("volume_id", request.VolumeId);
        string target = CsiFields.Path("target_path", request.TargetPath);
        bool isBlock = VolumeOrder.IsBlockIn("volume_capability", [CsiFields.Capability("volume_capability", request.VolumeCapability)]);
        using IDisposable turn = await names.EnterAsync(ServedRecords.TurnOf("publish", id), cancellationToken);
        ServedVolumes.Served volume = await volumes.GetAsync(id, cancellationToken);
        if (volume.IsBlock != isBlock)
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"volume_capability: the volume {id} is a {(volume.IsBlock ? "device" : "file system")}");
        PublishRecord asked = RecordOf(id, target, request, isBlock);
        if (asked is { IsBlock: true, IsReadOnly: true })
            throw new GrpcException(GrpcStatusCode.FailedPrecondition, $"publish {id}: a device cannot be given out read-only; whoever has it may write");
        IReadOnlyList<Versioned<PublishRecord>> places = await records.PublicationsOfAsync(id, cancellationToken);
        Versioned<PublishRecord>? known = places.FirstOrDefault(place => place.Value.Target == target);
        if (known is not null && !IsSame(known.Value, asked))
            throw new GrpcException(GrpcStatusCode.AlreadyExists, $"publish {id}: it is at {target} in another way");
        RequireShared(id, asked, places.Where(place => place.Value.Target != target));
        if (known is null && MountTable.IsMountPoint(target))
            throw new GrpcException(GrpcStatusCode.FailedPrecondition, $"publish {id}: {target} is a mount already, which this driver did not make; unmount it first");
        known ??= await records.Publications.CreateAsync(ServedRecords.PublicationOf(id, target), asked, Durability.Eventual, cancellationToken);
        FaultPoint.Reach("csi.publish.recorded");
        await PlaceAsync(id, known);
    }

    /// <summary>Takes a volume away from a place, and removes the place. Where it is not, that is done already.</summary>
    /// <exception cref="GrpcException">NotFound: no such volume, and nothing of it at the place.</exception>
    public async Task UnpublishAsync(string id, string target, CancellationToken cancellationToken)
    {
        CsiFields.Required("volume_id", id);
        CsiFields.Path("target_path", target);
        using IDisposable turn = await names.EnterAsync(ServedRecords.TurnOf("publish", id), cancellationToken);
        if (await records.Publications.GetAsync(ServedRecords.PublicationOf(id, target), cancellationToken) is { } place)
            await TakeAwayAsync(id, place);
        else
            await volumes.GetAsync(id, cancellationToken);
    }

    /// <summary>A place of a volume.</summary>
    /// <exception cref="GrpcException">InvalidArgument: a field is missing. NotFound: the volume, or it is not there, as at any path that is not absolute.</exception>
    public async Task<ServedVolumes.Served> AtAsync(string id, string path, CancellationToken cancellationToken)
    {
        CsiFields.Required("volume_id", id);
        CsiFields.Required("volume_path", path, CsiFields.MaxPathBytes);
        ServedVolumes.Served volume = await volumes.GetAsync(id, cancellationToken);
        bool isThere = volume.Volume.Mountpoint == path || await records.Publications.GetAsync(ServedRecords.PublicationOf(id, path), cancellationToken) is not null;
        return isThere && Path.Exists(path) ? volume : throw new GrpcException(GrpcStatusCode.NotFound, $"the volume {id} is not at {path}");
    }

    /// <summary>After a start: ends what a run of the machine that is over has left, for its mounts are gone with it.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (Versioned<PublishRecord> place in await records.Publications.ListAsync(static (_, _) => { }, cancellationToken))
        {
            if (!ForeignHolder.IsLive(place.Value.Holder))
                await TakeAwayAsync(place.Id[..place.Id.IndexOf('/', StringComparison.Ordinal)], place);
        }
    }

    async Task PlaceAsync(string id, Versioned<PublishRecord> place)
    {
        try
        {
            await options.Volumes.Uses.AttachAsync(id, new Attachment(place.Value.Holder, place.Value.Target, place.Value.IsReadOnly), CancellationToken.None);
            FaultPoint.Reach("csi.publish.attached");
            string content = await options.Volumes.Uses.MountAsync(id, place.Value.Holder, CancellationToken.None);
            FaultPoint.Reach("csi.publish.mounted");
            if (!MountTable.IsMountPoint(place.Value.Target))
                Bind(content, place.Value);
        }
        catch (Exception failed) when (failed is StrakeException or LinuxException)
        {
            await TakeAwayAsync(id, place);
            throw failed is LinuxException ? StrakeException.Internal($"publish {id} at {place.Value.Target}: {failed.Message}", failed) : failed;
        }

        FaultPoint.Reach("csi.publish.done");
    }

    // Not by the volume's users' leave: a busy mount goes out of the tree at once, and is gone when the last of them is.
    async Task TakeAwayAsync(string id, Versioned<PublishRecord> place)
    {
        string target = place.Value.Target;
        while (MountTable.IsMountPoint(target) && Syscall.TryUnmount(target, UnmountFlags.Detach | UnmountFlags.NoFollow))
            FaultPoint.Reach("csi.unpublish.unmounted");
        RemovePlace(target, place.Value.IsBlock);
        FaultPoint.Reach("csi.unpublish.removed");
        await options.Volumes.Uses.UnmountAsync(id, place.Value.Holder, CancellationToken.None);
        await options.Volumes.Uses.DetachAsync(id, place.Value.Holder, CancellationToken.None);
        FaultPoint.Reach("csi.unpublish.detached");
        await records.Publications.DeleteAsync(place.Id, Durability.Eventual, CancellationToken.None);
    }

    // Never with what is in it: what is not empty is not ours.
    static void RemovePlace(string target, bool isBlock)
    {
        try
        {
            Syscall.TryUnlinkAt(Syscall.WorkingDirectory, target, isBlock ? AtFlags.None : AtFlags.RemoveDirectory);
        }
        catch (LinuxException left) when (left.Errno is Errno.ENOTEMPTY or Errno.EEXIST or Errno.ENOTDIR or Errno.EISDIR)
        {
            throw new GrpcException(GrpcStatusCode.Internal, $"unpublish: {target} holds what is no volume's, and stays; look at it, and remove it", left);
        }
    }

    static void Bind(string content, PublishRecord place)
    {
        if (place.IsBlock)
            Syscall.Open(place.Target, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, Permissions.Octal0600).Dispose();
        else
            Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(place.Target), Permissions.Octal0755);
        FaultPoint.Reach("csi.publish.placed");
        using SafeFileHandle tree = Syscall.OpenTree(Syscall.WorkingDirectory, PathBytes.Encode(content), OpenTreeFlags.Clone | OpenTreeFlags.SymlinkNoFollow);
        MountAttributes attributes = PublishFlags.Parse(place.MountFlags) | (place.IsReadOnly ? MountAttributes.ReadOnly : MountAttributes.None);
        if (attributes != MountAttributes.None)
        {
            // One kind of access times replaces another.
            bool setsTimes = (attributes & MountAttributes.AccessTimeMask) != MountAttributes.None;
            Syscall.MountSetAttr(tree, "\0"u8, AtFlags.EmptyPath, attributes, setsTimes ? MountAttributes.AccessTimeMask : MountAttributes.None);
        }

        Syscall.MoveMount(tree, Syscall.WorkingDirectory, PathBytes.Encode(place.Target));
        FaultPoint.Reach("csi.publish.bound");
    }

    static PublishRecord RecordOf(string id, string target, NodePublishVolumeRequest request, bool isBlock)
    {
        VolumeCapability.Types.AccessMode.Types.Mode mode = request.VolumeCapability.AccessMode.Mode;
        return new PublishRecord(
            target, isBlock, request.Readonly || s_readOnly.Contains(mode), (int)mode,
            [.. request.VolumeCapability.Mount?.MountFlags ?? []],
            ForeignHolder.Of($"csi-{ServedRecords.HashOf($"{id}\n{target}")}"));
    }

    static void RequireShared(string id, PublishRecord asked, IEnumerable<Versioned<PublishRecord>> others)
    {
        if (others.FirstOrDefault(other => !s_shared.Contains(ModeOf(asked)) || !s_shared.Contains(ModeOf(other.Value))) is { } other)
            throw new GrpcException(GrpcStatusCode.FailedPrecondition, $"publish {id}: it is at {other.Value.Target}, and with {ModeOf(asked)} it can be at one place only");
    }

    static VolumeCapability.Types.AccessMode.Types.Mode ModeOf(PublishRecord place) => (VolumeCapability.Types.AccessMode.Types.Mode)place.AccessMode;

    // Of what was made before a start of the machine, only the holder differs.
    static bool IsSame(PublishRecord one, PublishRecord other) =>
        one.IsBlock == other.IsBlock && one.IsReadOnly == other.IsReadOnly && one.AccessMode == other.AccessMode && one.MountFlags.SequenceEqual(other.MountFlags);
}
