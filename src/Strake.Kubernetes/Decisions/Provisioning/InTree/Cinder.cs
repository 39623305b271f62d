using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>Disks of OpenStack's Cinder.</summary>
sealed record Cinder() : InTreeSource("cinder", "kubernetes.io/cinder", "cinder.csi.openstack.org")
{
    public override string ZoneLabel => "topology.cinder.csi.openstack.org/zone";

    public override CsiSource ToCsi(JsonElement source, InTreeOrigin origin) => Disk(source.Text("volumeID"), source);

    public override JsonObject ToInTree(CsiSource source) => new JsonObject { ["volumeID"] = source.Handle }
        .WithText("fsType", source.FsType)
        .WithFlag("readOnly", source.ReadOnly);

    public override string NameOf(JsonElement source) => source.Text("volumeID");
}
