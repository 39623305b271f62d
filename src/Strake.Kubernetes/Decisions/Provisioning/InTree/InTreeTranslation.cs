using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>
/// Volumes, pods' volumes and classes in the words that Kubernetes had before CSI, in those of the drivers that serve them now, and back. What users wrote stays
/// stored as they wrote it; only whoever calls a driver sees the translation.
/// </summary>
/// <remarks>
/// Labels of zones on a volume are not made into a node affinity, as a cloud's scheduler needs it: the affinity that a volume has is translated, no other is added.
/// </remarks>
public static class InTreeTranslation
{
    const int MostLetters = 100;
    const int HashLetters = 16;

    /// <summary>The storage of a volume as its driver knows it; null when the volume is neither a CSI driver's nor translatable.</summary>
    /// <param name="volume">A PersistentVolume.</param>
    /// <exception cref="StrakeException">Invalid: the source does not name what it must.</exception>
    public static CsiSource? CsiSourceOf(JsonElement volume)
    {
        JsonElement spec = volume.At("spec");
        if (spec.Has("csi")) return CsiSource.Read(spec.At("csi"));
        return InTreeDrivers.All.FirstOrDefault(source => spec.Has(source.Field)) is { } found
            ? found.ToCsi(spec.At(found.Field), new InTreeOrigin(Metadata.Read(volume)))
            : null;
    }

    /// <summary>A volume for its driver; the same when it is no in-tree one.</summary>
    /// <param name="volume">A PersistentVolume.</param>
    /// <exception cref="StrakeException">Invalid: the source does not name what it must.</exception>
    public static JsonObject ToCsi(JsonElement volume)
    {
        JsonObject copy = JsonObject.Create(volume) ?? new JsonObject();
        JsonElement spec = volume.At("spec");
        if (InTreeDrivers.All.FirstOrDefault(source => spec.Has(source.Field)) is not { } found || copy["spec"] is not JsonObject copied) return copy;

        copied.Remove(found.Field);
        copied["csi"] = CsiSourceOf(volume)!.ToJson();
        copied["accessModes"] = found.Modes(AccessModeWords.Read(spec)).Words().ToJson();
        if (found.ZoneLabel.Length > 0 && NodeSelector.Read(spec.At("nodeAffinity", "required")) is { } nodes)
            copied["nodeAffinity"] = new JsonObject { ["required"] = InTreeZones.ToCsi(nodes, found.ZoneLabel).ToJson() };
        return copy;
    }

    /// <summary>A volume that a driver made, in the words of the class that asked for it; the same when no in-tree words are for the driver.</summary>
    /// <param name="volume">A PersistentVolume with a CSI source; it is changed.</param>
    /// <exception cref="StrakeException">Invalid: the driver's handle cannot be said in-tree.</exception>
    public static JsonObject ToInTree(JsonObject volume)
    {
        if (volume["spec"] is not JsonObject spec || spec["csi"] is not JsonObject csi) return volume;
        CsiSource source = CsiSource.Read(JsonSerializer.SerializeToElement(csi, RecordJson.Default.JsonObject));
        if (InTreeDrivers.All.FirstOrDefault(entry => entry.Driver == source.Driver) is not { } found) return volume;

        spec.Remove("csi");
        spec[found.Field] = found.ToInTree(source);
        if (found.ZoneLabel.Length > 0 && spec["nodeAffinity"] is JsonObject affinity
            && NodeSelector.Read(JsonSerializer.SerializeToElement(affinity, RecordJson.Default.JsonObject).At("required")) is { } nodes)
            spec["nodeAffinity"] = new JsonObject { ["required"] = InTreeZones.ToInTree(nodes, found.ZoneLabel).ToJson() };
        return volume;
    }

    /// <summary>A pod's in-tree volume as its driver knows it, as if it were a volume of its own; null when it is none.</summary>
    /// <param name="volume">An item of spec.volumes of a pod.</param>
    /// <param name="podNamespace">The pod's namespace.</param>
    /// <exception cref="StrakeException">Invalid: the source does not name what it must.</exception>
    public static InlineVolume? InlineToCsi(JsonElement volume, string podNamespace)
    {
        if (InTreeDrivers.All.FirstOrDefault(entry => volume.Has(entry.Field)) is not { } found) return null;
        JsonElement source = volume.At(found.Field);
        string name = NameOf(found.Driver, found.NameOf(source));
        return new InlineVolume(name, found.ToCsi(source, new InTreeOrigin(new Metadata { Name = name }, podNamespace)), found.InlineModes(source));
    }

    // Such as can be a volume's; a path or an address cannot.
    static string NameOf(string driver, string storage) => Objects.ObjectNames.CheckSubdomain($"{driver}-{storage}") is null && driver.Length + storage.Length < MostLetters
        ? $"{driver}-{storage}"
        : $"{driver}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(storage)))[..HashLetters]}";

    /// <summary>A class in the words of the driver that serves it; the same when it is no in-tree one.</summary>
    /// <param name="itsClass">The class.</param>
    /// <exception cref="StrakeException">Invalid: it says twice where volumes may be.</exception>
    public static StorageClass ClassToCsi(StorageClass itsClass)
    {
        if (InTreeDrivers.All.FirstOrDefault(entry => entry.Provisioner == itsClass.Provisioner) is not { } found) return itsClass;
        ValueList<NodeSelectorTerm> byParameters = found.ZoneLabel.Length > 0 ? InTreeZones.TopologyOf(itsClass.Parameters, found.ZoneLabel) : [];
        if (byParameters.Count > 0 && itsClass.AllowedTopologies.Count > 0)
            throw StrakeException.Invalid("cannot simultaneously set allowed topologies and zone/zones parameters");
        return itsClass with
        {
            Provisioner = found.Driver,
            Parameters = found.Parameters(itsClass.Parameters),
            AllowedTopologies = byParameters.Count > 0 || found.ZoneLabel.Length == 0
                ? [.. byParameters, .. itsClass.AllowedTopologies]
                : InTreeZones.ToCsi(new NodeSelector(itsClass.AllowedTopologies), found.ZoneLabel).Terms,
        };
    }
}
