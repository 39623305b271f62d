using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>Disks of Microsoft's Azure.</summary>
sealed record AzureDisk() : InTreeSource("azureDisk", "kubernetes.io/azure-disk", "disk.csi.azure.com")
{
    public override string ZoneLabel => "topology.disk.csi.azure.com/zone";

    public override CsiSource ToCsi(JsonElement source, InTreeOrigin origin)
    {
        TextMap attributes = TextMap.Of(("csi-migration", "true"), ("kind", source.TextOrNull("kind") ?? "Managed"));
        if (source.Text("cachingMode") is { Length: > 0 } caching) attributes = attributes.With("cachingMode", caching);
        if (source.TextOrNull("fsType") is { } fsType) attributes = attributes.With("fsType", fsType);
        return Disk(source.Text("diskURI"), source) with { Attributes = attributes };
    }

    public override JsonObject ToInTree(CsiSource source) => new JsonObject { ["diskName"] = DiskOf(source.Handle), ["diskURI"] = source.Handle }
        .WithText("cachingMode", source.Attributes.Find("cachingMode"))
        .WithText("fsType", source.Attributes.Find("fsType") is { Length: > 0 } fsType ? fsType : source.FsType)
        .WithText("kind", source.Attributes.Find("kind") is { Length: > 0 } kind ? kind : "Managed")
        .WithFlag("readOnly", source.ReadOnly);

    public override string NameOf(JsonElement source) => source.Text("diskName");

    public override TextMap Parameters(TextMap parameters) =>
        TextMap.Of(parameters.Where(static entry => !InTreeZones.IsZones(entry.Key))).With("csi-migration", "true");

    // …/providers/Microsoft.Compute/disks/<name> of a managed disk, http…/vhds/<name> of another.
    static string DiskOf(string uri)
    {
        string before = uri.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? "/vhds/" : "/providers/Microsoft.Compute/disks/";
        int at = uri.IndexOf(before, StringComparison.Ordinal);
        return at >= 0 && at + before.Length < uri.Length ? uri[(at + before.Length)..] : throw StrakeException.Invalid($"could not get disk name from {uri}: it has no {before}");
    }
}
