using Strake.Csi;
using Strake.Grpc;
using Strake.Linux;
using AccessMode = Strake.Csi.VolumeCapability.Types.AccessMode.Types.Mode;
using NodeCall = Strake.Csi.NodeServiceCapability.Types.RPC.Types.Type;

namespace Strake.Volumes;

/// <content>Volumes that nobody made before and that go with their user: the node's two calls, and no journal. Their user writes down what there is.</content>
public sealed partial class CsiVolumeDriver
{
    static readonly TimeSpan s_lookLimit = TimeSpan.FromSeconds(10);

    /// <summary>Has the driver make a volume at its place. May be repeated.</summary>
    /// <param name="volume">Which, and where.</param>
    /// <param name="cancellationToken">Gives up waiting; what was begun is ended by <see cref="UnpublishInlineAsync"/>.</param>
    /// <returns>Whether the driver has given the files to the group that was asked for.</returns>
    /// <exception cref="StrakeException">Of any kind: it is not there; the message is for users.</exception>
    public async Task<bool> PublishInlineAsync(CsiInlineVolume volume, CancellationToken cancellationToken)
    {
        bool givesGroup = false;
        await InWordsAsync("publish", async () =>
        {
            CsiConnection connection = await link.RequireAsync(cancellationToken);
            CsiAbilities abilities = await connection.AbilitiesAsync(CsiPatience.Work, cancellationToken);
            givesGroup = volume.Group.Length > 0 && abilities.Has(NodeCall.VolumeMountGroup);
            var request = new NodePublishVolumeRequest
            {
                VolumeId = volume.Handle, TargetPath = volume.Target, Readonly = volume.IsReadOnly, VolumeContext = { new Dictionary<string, string>(volume.Context) },
                VolumeCapability = new()
                {
                    AccessMode = new() { Mode = abilities.HasSingleNodeModes ? AccessMode.SingleNodeMultiWriter : AccessMode.SingleNodeWriter },
                    Mount = new() { FsType = volume.FsType, VolumeMountGroup = givesGroup ? volume.Group : "" },
                },
            };
            var secrets = CsiSecrets.Of(volume.Secrets);
            secrets.AddTo(request.Secrets);
            await connection.CallAsync(NodeMethods.NodePublishVolume, request, CsiPatience.Work, secrets, cancellationToken);
            FaultPoint.Reach("csi.inline.published");
            // Else what its user writes would lie beside it.
            if (!await IsMountedAsync(volume.Target))
                throw connection.Lie("NodePublishVolume", $"it said that it was done, and nothing is mounted at {volume.Target}");
        });
        return givesGroup;
    }

    /// <summary>Takes such a volume away, for good; of one that is not there, nothing.</summary>
    /// <param name="handle">What the driver calls it.</param>
    /// <param name="target">Where it is.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StrakeException">Of any kind: it is there still; the message is for users.</exception>
    public Task UnpublishInlineAsync(string handle, string target, CancellationToken cancellationToken) => InWordsAsync("unpublish", async () =>
    {
        CsiConnection connection = await link.RequireAsync(cancellationToken);
        try
        {
            await connection.CallAsync(
                NodeMethods.NodeUnpublishVolume, new() { VolumeId = handle, TargetPath = target }, CsiPatience.Work, CsiSecrets.None, cancellationToken);
        }
        catch (CsiRefusalException unknown) when (unknown.Code is GrpcStatusCode.NotFound)
        {
            // That is what was to be.
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (await IsMountedAsync(target))
            throw connection.Lie("NodeUnpublishVolume", $"it said that it was done, and something is mounted at {target} still");
        FaultPoint.Reach("csi.inline.unpublished");
    });

    // On a thread apart: what a dead driver has left mounted may never answer.
    async Task<bool> IsMountedAsync(string target)
    {
        try
        {
            return await Task.Run(() => MountTable.IsMountPoint(target)).WaitAsync(s_lookLimit, time);
        }
        catch (TimeoutException stuck)
        {
            throw StrakeException.Unavailable($"the file system at {target} does not answer", stuck);
        }
    }
}
