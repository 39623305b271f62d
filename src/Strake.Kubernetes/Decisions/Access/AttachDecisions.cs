using System.Security.Cryptography;
using System.Text;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Access;

/// <summary>Which volumes are to be attached to which node.</summary>
/// <remarks>Kubernetes' <c>pkg/controller/volume/attachdetach</c>, and the names of <c>pkg/volume/csi</c>.</remarks>
public static class AttachDecisions
{
    /// <summary>The name of the attachment of a volume to a node: <c>csi-</c> and a hash.</summary>
    /// <param name="volume">A volume of a CSI driver.</param>
    /// <param name="node">The node's name.</param>
    public static string NameOf(PersistentVolume volume, string node) =>
        $"csi-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{volume.Source.Handle}{volume.Source.Driver}{node}")))}";

    /// <summary>What a pod's users are told when its volume was attached.</summary>
    /// <param name="volume">The volume's name.</param>
    public static EventText Attached(string volume) => EventText.Normal("SuccessfulAttachVolume", $"AttachVolume.Attach succeeded for volume \"{volume}\" ");

    /// <summary>The decision for a volume and a node.</summary>
    /// <param name="view">What is seen.</param>
    public static AttachDecision Decide(AttachView view)
    {
        VolumeAttachment? here = view.Attachments.FirstOrDefault(attachment => attachment.NodeName == view.Node);
        bool elsewhere = view.Attachments.Any(attachment => attachment.NodeName != view.Node);
        string volume = view.Volume.Name;
        return here switch
        {
            // Observed: the driver does not attach.
            _ when !view.NeedsAttach => new AttachDecision.Ready(),

            // Observed: wanted, and another node has what only one can have.
            null when view.IsWanted && elsewhere && AccessDecisions.IsForOneNode(view.Volume.AccessModes) => new AttachDecision.Wait(EventText.Warning("FailedAttachVolume",
                $"Multi-Attach error for volume \"{volume}\" Volume is already exclusively attached to one node and can't be attached to another")),

            // Observed: wanted, not attached.
            null when view.IsWanted => new AttachDecision.Attach(NameOf(view.Volume, view.Node), VolumeFinalizers.AttacherPrefix + FinalizerName(view.Volume.Source.Driver)),

            // Observed: not wanted, not attached.
            null => new AttachDecision.Ready(),

            // Observed: on its way out. If it is wanted again, it is made again when it is gone.
            { Metadata.IsBeingDeleted: true } => new AttachDecision.Wait(here.DetachError.Length == 0 ? null
                : EventText.Warning("FailedDetachVolume", $"DetachVolume.Detach failed for volume \"{volume}\" : {here.DetachError}")),

            // Observed: attached or about to be, wanted no more, and unmounted. What is mounted is never taken away.
            _ when !view.IsWanted && !view.IsMounted => new AttachDecision.Detach(here.Metadata.Name),

            // Observed: wanted, attached.
            { IsAttached: true } => new AttachDecision.Ready(),

            // Observed: wanted, and the driver tries, perhaps again.
            _ => new AttachDecision.Wait(here.AttachError.Length == 0 ? null
                : EventText.Warning("FailedAttachVolume", $"AttachVolume.Attach failed for volume \"{volume}\" : {here.AttachError}")),
        };
    }

    // A driver's dots become dashes: the attacher has it so.
    static string FinalizerName(string driver) => driver.Replace('.', '-');
}
