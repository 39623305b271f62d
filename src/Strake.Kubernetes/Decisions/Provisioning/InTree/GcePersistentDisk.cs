using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>Disks of Google's Compute Engine.</summary>
sealed record GcePersistentDisk() : InTreeSource("gcePersistentDisk", "kubernetes.io/gce-pd", "pd.csi.storage.gke.io")
{
    // What is not known is filled in by the driver from the node.
    const string Unspecified = "UNSPECIFIED";

    public override string ZoneLabel => "topology.gke.io/zone";

    public override CsiSource ToCsi(JsonElement source, InTreeOrigin origin) =>
        Disk($"projects/{Unspecified}/{PlaceOf(origin.Volume.Labels)}/disks/{source.Text("pdName")}", source) with
        {
            Attributes = TextMap.Of(("partition", source.Number("partition") is int partition and not 0 ? partition.ToString(CultureInfo.InvariantCulture) : "")),
        };

    public override JsonObject ToInTree(CsiSource source) => new JsonObject
    {
        // projects/<project>/zones/<zone>/disks/<name>
        ["pdName"] = source.Handle.Split('/') is [_, _, _, _, _, var name, ..] ? name : throw StrakeException.Invalid($"\"{source.Handle}\" names no disk of the form projects/…/disks/…"),
    }
        .WithText("fsType", source.FsType)
        .WithFlag("readOnly", source.ReadOnly)
        .WithNumber("partition", int.TryParse(source.Attributes.Find("partition"), CultureInfo.InvariantCulture, out int partition) ? partition : 0);

    public override string NameOf(JsonElement source) => source.Text("pdName");

    // In-tree took these modes and attached for one writer; the driver would refuse them.
    public override AccessModes Modes(AccessModes modes) => modes is AccessModes.ReadOnlyMany ? modes : AccessModes.ReadWriteOnce;

    public override AccessModes InlineModes(JsonElement source) => source.Flag("readOnly") ? AccessModes.ReadOnlyMany : AccessModes.ReadWriteOnce;

    static string PlaceOf(TextMap labels) => (labels.Find(InTreeZones.BetaLabel) ?? labels.Find(InTreeZones.Label) ?? "").Split("__") switch
    {
        [""] => $"zones/{Unspecified}",
        [var zone] => $"zones/{zone}",
        var zones => $"regions/{RegionOf(zones)}",
    };

    // <locale>-<region>-<zone>, and all zones of a disk are of one region.
    static string RegionOf(string[] zones) => zones.Select(static zone => zone[..Math.Max(0, zone.LastIndexOf('-'))]).Distinct(StringComparer.Ordinal).ToArray() is [{ Length: > 0 } region]
        ? region
        : throw StrakeException.Invalid($"the zones {string.Join(", ", zones)} are not of one region");
}
