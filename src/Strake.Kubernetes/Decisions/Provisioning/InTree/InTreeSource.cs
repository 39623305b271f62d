using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>One kind of storage that Kubernetes once knew itself: how its words are those of its CSI driver, and the other way round.</summary>
/// <param name="Field">The field of a volume that names it.</param>
/// <param name="Provisioner">The word of classes for it.</param>
/// <param name="Driver">The CSI driver that serves it.</param>
/// <remarks>Kubernetes' <c>k8s.io/csi-translation-lib/plugins</c>.</remarks>
abstract record InTreeSource(string Field, string Provisioner, string Driver)
{
    /// <summary>The label of nodes by which the driver knows zones; empty when it knows none.</summary>
    public virtual string ZoneLabel => "";

    /// <summary>The source for the driver.</summary>
    /// <param name="source">The in-tree source of a volume or a pod.</param>
    /// <param name="origin">Whose it is.</param>
    public abstract CsiSource ToCsi(JsonElement source, InTreeOrigin origin);

    /// <summary>The in-tree source of a volume of the driver.</summary>
    public abstract JsonObject ToInTree(CsiSource source);

    /// <summary>What sets a pod's volume apart from others of the kind: the end of its name.</summary>
    public abstract string NameOf(JsonElement source);

    /// <summary>The access modes that a driver bears of those that a volume says.</summary>
    public virtual AccessModes Modes(AccessModes modes) => modes;

    /// <summary>The access modes of a pod's volume.</summary>
    public virtual AccessModes InlineModes(JsonElement source) => AccessModes.ReadWriteOnce;

    /// <summary>The parameters of a class for the driver. Zones are not among them: they are where the volume may be made.</summary>
    public virtual TextMap Parameters(TextMap parameters) => TextMap.Of(parameters
        .Where(entry => ZoneLabel.Length == 0 || !InTreeZones.IsZones(entry.Key))
        .Select(static entry => entry.Key.Equals("fstype", StringComparison.OrdinalIgnoreCase)
            ? KeyValuePair.Create($"{CsiParameters.Prefix}fstype", entry.Value)
            : entry));

    /// <summary>A disk with the fields that most kinds have.</summary>
    protected CsiSource Disk(string handle, JsonElement source) =>
        new(Driver, handle) { ReadOnly = source.Flag("readOnly"), FsType = source.Text("fsType") };
}
