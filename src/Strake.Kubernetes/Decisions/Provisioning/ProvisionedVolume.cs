using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions.Provisioning.InTree;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning;

/// <summary>What a volume that is made for a claim is like.</summary>
public static class ProvisionedVolume
{
    /// <summary>The field of a volume whose storage a Docker plugin has: of Kubernetes' sources the one whose driver may have a name with slashes.</summary>
    public const string PluginSource = "flexVolume";

    const string DeletionSecretName = "volume.kubernetes.io/provisioner-deletion-secret-name";
    const string DeletionSecretNamespace = "volume.kubernetes.io/provisioner-deletion-secret-namespace";

    /// <summary>The name of a claim's volume: the same for every attempt, so that a repeat finds what an earlier one made.</summary>
    /// <param name="claim">The claim.</param>
    public static string NameFor(Claim claim) => $"pvc-{claim.Metadata.Uid}";

    /// <summary>The PersistentVolume for storage that was made, reserved for its claim. Written again it is the same.</summary>
    /// <param name="plan">What was to be made.</param>
    /// <param name="made">What was made.</param>
    public static JsonObject Document(ProvisionPlan plan, MadeStorage made)
    {
        Claim claim = plan.Claim;
        var document = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolume",
            ["metadata"] = new JsonObject { ["name"] = plan.Name }
                .WithMap("annotations", Annotations(plan))
                .WithTexts("finalizers", [VolumeFinalizers.VolumeProtection, VolumeFinalizers.Provisioner]),
            ["spec"] = new JsonObject
            {
                ["capacity"] = new JsonObject { ["storage"] = (made.Size.IsZero ? plan.Size : made.Size).ToString() },
                ["accessModes"] = claim.AccessModes.Words().ToJson(),
                ["claimRef"] = new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "PersistentVolumeClaim",
                    ["namespace"] = claim.Metadata.Namespace,
                    ["name"] = claim.Metadata.Name,
                    ["uid"] = claim.Metadata.Uid,
                },
                ["persistentVolumeReclaimPolicy"] = plan.Class.ReclaimPolicy.ToString(),
                ["storageClassName"] = plan.Class.Name,
                ["volumeMode"] = claim.VolumeMode.ToString(),
            }
                .WithText("volumeAttributesClassName", claim.AttributesClass)
                .WithTexts("mountOptions", plan.Class.MountOptions)
                .WithNode("nodeAffinity", Affinity(made.Topologies))
                .WithNode(plan.By is Provisioner.DockerPlugin ? PluginSource : "csi", Source(plan, made)),
            ["status"] = new JsonObject { ["phase"] = nameof(VolumePhase.Pending) },
        };
        return plan.By is Provisioner.Csi { InTreeName: not null } ? InTreeTranslation.ToInTree(document) : document;
    }

    static TextMap Annotations(ProvisionPlan plan)
    {
        TextMap notes = TextMap.Of(
            (VolumeAnnotations.ProvisionedBy, plan.By is Provisioner.Csi { InTreeName: { } inTree } ? inTree : plan.By.Name),
            (DeletionSecretName, plan.Secret?.Name ?? ""),
            (DeletionSecretNamespace, plan.Secret?.Namespace ?? ""));
        return plan.By is Provisioner.Csi { InTreeName: not null } csi ? notes.With(VolumeAnnotations.MigratedTo, csi.Driver) : notes;
    }

    static JsonObject Source(ProvisionPlan plan, MadeStorage made) => plan.By is Provisioner.DockerPlugin plugin
        ? new JsonObject { ["driver"] = plugin.Name, ["options"] = made.Attributes.With("volume", made.Handle).ToJson() }
        : new CsiSource(plan.By.Name, made.Handle)
        {
            ReadOnly = made.ReadOnly,
            FsType = plan.FsType,
            Attributes = made.Attributes,
            ControllerPublishSecret = plan.ControllerPublishSecret,
            NodeStageSecret = plan.NodeStageSecret,
            NodePublishSecret = plan.NodePublishSecret,
            ControllerExpandSecret = plan.ControllerExpandSecret,
            NodeExpandSecret = plan.NodeExpandSecret,
        }.ToJson();

    static JsonObject? Affinity(ValueList<TextMap> topologies) => topologies.Count == 0 ? null : new JsonObject
    {
        ["required"] = new NodeSelector(
        [
            .. topologies.Select(static labels =>
                new NodeSelectorTerm([.. labels.Select(static label => new SelectorRequirement(label.Key, SelectorOperator.In, [label.Value]))], [])),
        ]).ToJson(),
    };
}
