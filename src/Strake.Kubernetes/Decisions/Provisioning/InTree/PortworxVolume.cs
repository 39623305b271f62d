using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>Disks of Portworx.</summary>
sealed record PortworxVolume() : InTreeSource("portworxVolume", "kubernetes.io/portworx-volume", "pxd.portworx.com")
{
    public override CsiSource ToCsi(JsonElement source, InTreeOrigin origin) => new(Driver, source.Text("volumeID")) { FsType = source.Text("fsType") };

    public override JsonObject ToInTree(CsiSource source) => new JsonObject { ["volumeID"] = source.Handle }
        .WithText("fsType", source.FsType)
        .WithFlag("readOnly", source.ReadOnly);

    public override string NameOf(JsonElement source) => source.Text("volumeID");

    public override AccessModes InlineModes(JsonElement source) => source.Flag("readOnly") ? AccessModes.ReadOnlyMany : AccessModes.ReadWriteOnce;

    public override TextMap Parameters(TextMap parameters) => parameters;
}
