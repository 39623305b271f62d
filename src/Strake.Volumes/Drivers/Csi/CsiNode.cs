using Strake.Csi;
using Strake.Grpc;
using ControllerCall = Strake.Csi.ControllerServiceCapability.Types.RPC.Types.Type;
using NodeCall = Strake.Csi.NodeServiceCapability.Types.RPC.Types.Type;

namespace Strake.Volumes;

/// <summary>
/// A volume's way to this node and back: attached, staged, published, once for all who use it here. Each step is written down before its call;
/// since every call may be repeated, a way that was cut short is gone from its beginning, there or back.
/// </summary>
/// <param name="link">The driver.</param>
/// <param name="shelf">Its volumes.</param>
/// <param name="paths">Where they are.</param>
/// <param name="boot">This run of the machine.</param>
sealed class CsiNode(CsiLink link, CsiShelf shelf, CsiPaths paths, string boot)
{
    /// <summary>Brings a volume to the node.</summary>
    /// <returns>The volume, published.</returns>
    /// <exception cref="CsiRefusalException">A step failed; those before it stand.</exception>
    public async Task<CsiVolume> PublishAsync(CsiVolume volume, CancellationToken cancellationToken)
    {
        CsiOptions options = CsiOptions.Parse(volume.Options);
        if (volume.Place is CsiPlace.Published && volume.Boot == boot && await paths.LookAsync(volume, options.IsBlock))
            return volume;
        CsiSecrets secrets = CsiSecrets.Read(options.SecretsFile);
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        CsiAbilities abilities = await connection.AbilitiesAsync(CsiPatience.Work, cancellationToken);
        RequireRoom(volume, abilities);
        VolumeCapability capability = options.Capability(abilities.HasSingleNodeModes);
        if (abilities.Has(ControllerCall.PublishUnpublishVolume))
            volume = await AttachAsync(volume, options, capability, secrets.For(CsiSecretUse.ControllerPublish), connection, abilities, cancellationToken);
        bool isStaged = abilities.Has(NodeCall.StageUnstageVolume);
        if (isStaged)
            volume = await StageAsync(volume, capability, secrets.For(CsiSecretUse.NodeStage), connection, cancellationToken);
        volume = await PublishAsync(volume, options, capability, secrets.For(CsiSecretUse.NodePublish), connection, isStaged, cancellationToken);
        return volume.NeedsNodeExpansion && abilities.Has(NodeCall.ExpandVolume) ? await ExpandAsync(volume, cancellationToken) : volume;
    }

    /// <summary>Takes a volume from the node that nobody has here any more. Whatever was begun on the way is taken back.</summary>
    /// <exception cref="CsiRefusalException">A step failed; what is left is done the next time.</exception>
    public async Task WithdrawAsync(CsiVolume volume, CancellationToken cancellationToken)
    {
        if (volume.Place is CsiPlace.None || volume.Id is null)
            return;
        bool isBlock = CsiOptions.Parse(volume.Options).IsBlock;
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        CsiAbilities abilities = await connection.AbilitiesAsync(CsiPatience.Work, cancellationToken);
        if (volume.Place is CsiPlace.Publishing or CsiPlace.Published or CsiPlace.Unpublishing)
        {
            volume = await shelf.StepAsync(volume with { Place = CsiPlace.Unpublishing });
            FaultPoint.Reach("csi.unpublish.recorded");
            await GoneAsync(connection.CallAsync(
                NodeMethods.NodeUnpublishVolume, new() { VolumeId = volume.Id, TargetPath = paths.Target(volume, isBlock) }, CsiPatience.Work, CsiSecrets.None, cancellationToken));
            FaultPoint.Reach("csi.unpublish.unpublished");
            paths.RemoveTarget(volume, isBlock);
        }

        if (abilities.Has(NodeCall.StageUnstageVolume) && volume.Place is CsiPlace.Staging or CsiPlace.Unpublishing or CsiPlace.Unstaging)
        {
            volume = await shelf.StepAsync(volume with { Place = CsiPlace.Unstaging });
            FaultPoint.Reach("csi.unstage.recorded");
            await GoneAsync(connection.CallAsync(
                NodeMethods.NodeUnstageVolume, new() { VolumeId = volume.Id, StagingTargetPath = paths.Staging(volume) }, CsiPatience.Work, CsiSecrets.None, cancellationToken));
            FaultPoint.Reach("csi.unstage.unstaged");
        }

        paths.Remove(volume);
        if (abilities.Has(ControllerCall.PublishUnpublishVolume))
            await DetachAsync(volume, connection, abilities, cancellationToken);
        await shelf.StepAsync(volume with { Place = CsiPlace.None, PublishContext = new Dictionary<string, string>(), NodeId = "" });
        FaultPoint.Reach("csi.unpublish.done");
    }

    /// <summary>Makes the file system of a published volume as large as the volume is.</summary>
    public async Task<CsiVolume> ExpandAsync(CsiVolume volume, CancellationToken cancellationToken)
    {
        CsiOptions options = CsiOptions.Parse(volume.Options);
        CsiSecrets secrets = CsiSecrets.Read(options.SecretsFile).For(CsiSecretUse.NodeExpand);
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        CsiAbilities abilities = await connection.AbilitiesAsync(CsiPatience.Work, cancellationToken);
        var request = new NodeExpandVolumeRequest
        {
            VolumeId = volume.Id, VolumePath = paths.Target(volume, options.IsBlock),
            StagingTargetPath = abilities.Has(NodeCall.StageUnstageVolume) ? paths.Staging(volume) : "",
            CapacityRange = new() { RequiredBytes = volume.CapacityBytes, LimitBytes = options.LimitBytes },
            VolumeCapability = options.Capability(abilities.HasSingleNodeModes),
        };
        secrets.AddTo(request.Secrets);
        FaultPoint.Reach("csi.node-expand.before");
        await connection.CallAsync(NodeMethods.NodeExpandVolume, request, CsiPatience.Work, secrets, cancellationToken);
        FaultPoint.Reach("csi.node-expand.expanded");
        return await shelf.RecordAsync(volume with { NeedsNodeExpansion = false });
    }

    /// <summary>How full a published volume is, by the driver's word; null: it does not say, or the volume is not here.</summary>
    public async Task<NodeGetVolumeStatsResponse?> StatsAsync(CsiVolume volume, CancellationToken cancellationToken)
    {
        if (volume is not { Place: CsiPlace.Published, Id: { } id } || volume.Boot != boot)
            return null;
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        CsiAbilities abilities = await connection.AbilitiesAsync(CsiPatience.Question, cancellationToken);
        if (!abilities.Has(NodeCall.GetVolumeStats))
            return null;
        var request = new NodeGetVolumeStatsRequest
        {
            VolumeId = id, VolumePath = paths.Target(volume, CsiOptions.Parse(volume.Options).IsBlock),
            StagingTargetPath = abilities.Has(NodeCall.StageUnstageVolume) ? paths.Staging(volume) : "",
        };
        return await connection.CallAsync(NodeMethods.NodeGetVolumeStats, request, CsiPatience.Question, CsiSecrets.None, cancellationToken);
    }

    async Task<CsiVolume> AttachAsync(
        CsiVolume volume, CsiOptions options, VolumeCapability capability, CsiSecrets secrets, CsiConnection connection, CsiAbilities abilities, CancellationToken cancellationToken)
    {
        // Synced: what another machine was told to attach outlives a power cut of this one.
        volume = await shelf.RecordAsync(volume with { Place = CsiPlace.Attaching, NodeId = abilities.NodeId, Boot = boot });
        FaultPoint.Reach("csi.attach.recorded");
        var request = new ControllerPublishVolumeRequest
        {
            VolumeId = volume.Id, NodeId = abilities.NodeId, VolumeCapability = capability, VolumeContext = { ToDictionary(volume.Context) },
            Readonly = options.IsReadOnly && abilities.Has(ControllerCall.PublishReadonly),
        };
        secrets.AddTo(request.Secrets);
        ControllerPublishVolumeResponse answer = await connection.CallAsync(ControllerMethods.ControllerPublishVolume, request, CsiPatience.Work, secrets, cancellationToken);
        FaultPoint.Reach("csi.attach.attached");
        return await shelf.StepAsync(volume with { Place = CsiPlace.Attached, PublishContext = new Dictionary<string, string>(answer.PublishContext) });
    }

    async Task<CsiVolume> StageAsync(CsiVolume volume, VolumeCapability capability, CsiSecrets secrets, CsiConnection connection, CancellationToken cancellationToken)
    {
        volume = await shelf.StepAsync(volume with { Place = CsiPlace.Staging, Boot = boot });
        FaultPoint.Reach("csi.stage.recorded");
        paths.MakeStaging(volume);
        var request = new NodeStageVolumeRequest
        {
            VolumeId = volume.Id, StagingTargetPath = paths.Staging(volume), VolumeCapability = capability,
            PublishContext = { ToDictionary(volume.PublishContext) }, VolumeContext = { ToDictionary(volume.Context) },
        };
        secrets.AddTo(request.Secrets);
        await connection.CallAsync(NodeMethods.NodeStageVolume, request, CsiPatience.Work, secrets, cancellationToken);
        FaultPoint.Reach("csi.stage.staged");
        return volume;
    }

    async Task<CsiVolume> PublishAsync(
        CsiVolume volume, CsiOptions options, VolumeCapability capability, CsiSecrets secrets, CsiConnection connection, bool isStaged, CancellationToken cancellationToken)
    {
        volume = await shelf.StepAsync(volume with { Place = CsiPlace.Publishing, Boot = boot });
        FaultPoint.Reach("csi.publish.recorded");
        paths.MakeParent(volume);
        string target = paths.Target(volume, options.IsBlock);
        var request = new NodePublishVolumeRequest
        {
            VolumeId = volume.Id, TargetPath = target, StagingTargetPath = isStaged ? paths.Staging(volume) : "",
            VolumeCapability = capability, Readonly = options.IsReadOnly,
            PublishContext = { ToDictionary(volume.PublishContext) }, VolumeContext = { ToDictionary(volume.Context) },
        };
        secrets.AddTo(request.Secrets);
        await connection.CallAsync(NodeMethods.NodePublishVolume, request, CsiPatience.Work, secrets, cancellationToken);
        FaultPoint.Reach("csi.publish.published");
        // Else what containers write would lie beside the volume, and be gone with the directory.
        if (!await paths.LookAsync(volume, options.IsBlock))
            throw connection.Lie("NodePublishVolume", options.IsBlock ? $"it said that it was done, and no block device is at {target}" : $"it said that it was done, and nothing is mounted at {target}");
        volume = await shelf.StepAsync(volume with { Place = CsiPlace.Published });
        FaultPoint.Reach("csi.publish.done");
        return volume;
    }

    async Task DetachAsync(CsiVolume volume, CsiConnection connection, CsiAbilities abilities, CancellationToken cancellationToken)
    {
        volume = await shelf.RecordAsync(volume with { Place = CsiPlace.Detaching });
        FaultPoint.Reach("csi.detach.recorded");
        CsiSecrets secrets = CsiSecrets.Read(CsiOptions.Parse(volume.Options).SecretsFile).For(CsiSecretUse.ControllerPublish);
        var request = new ControllerUnpublishVolumeRequest { VolumeId = volume.Id, NodeId = volume.NodeId.Length > 0 ? volume.NodeId : abilities.NodeId };
        secrets.AddTo(request.Secrets);
        await GoneAsync(connection.CallAsync(ControllerMethods.ControllerUnpublishVolume, request, CsiPatience.Work, secrets, cancellationToken));
        FaultPoint.Reach("csi.detach.detached");
    }

    void RequireRoom(CsiVolume volume, CsiAbilities abilities)
    {
        if (abilities.MaxVolumes > 0 && shelf.All.Count(other => other.Place is not CsiPlace.None && other.Handle != volume.Handle) >= abilities.MaxVolumes)
            throw StrakeException.Exhausted($"the driver {volume.Driver} lets this node have {abilities.MaxVolumes} volumes at once, and it has them");
    }

    // What the driver does not know is not there.
    static async Task GoneAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (CsiRefusalException unknown) when (unknown.Code is GrpcStatusCode.NotFound)
        {
            // That is what was to be.
        }
    }

    static Dictionary<string, string> ToDictionary(IReadOnlyDictionary<string, string> map) => new(map);
}
