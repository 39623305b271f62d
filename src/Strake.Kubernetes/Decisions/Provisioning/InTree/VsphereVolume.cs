using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>Disks of VMware's vSphere.</summary>
sealed record VsphereVolume() : InTreeSource("vsphereVolume", "kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com")
{
    const string Policy = "storagepolicyname";
    const string Path = "initialvolumefilepath";

    // The driver takes these for a migration's sake, under names of their own, and no others.
    static readonly string[] s_migrated =
    [
        "datastore", "diskformat", "hostfailurestotolerate", "forceprovisioning", "cachereservation", "diskstripes", "objectspacereservation", "iopslimit",
    ];

    public override CsiSource ToCsi(JsonElement source, InTreeOrigin origin) => new(Driver, source.Text("volumePath"))
    {
        FsType = source.Text("fsType"),
        Attributes = source.Text("storagePolicyName") is { Length: > 0 } policy ? TextMap.Of((Policy, policy)) : TextMap.Empty,
    };

    public override JsonObject ToInTree(CsiSource source) => new JsonObject { ["volumePath"] = source.Attributes.Find(Path) ?? "" }.WithText("fsType", source.FsType);

    public override string NameOf(JsonElement source) => source.Text("volumePath");

    public override TextMap Parameters(TextMap parameters) => TextMap.Of(parameters.SelectMany(Translate)).With("csimigration", "true");

    static IEnumerable<KeyValuePair<string, string>> Translate(KeyValuePair<string, string> parameter)
    {
        string name = parameter.Key.ToLowerInvariant();
        if (name is "fstype") yield return KeyValuePair.Create($"{CsiParameters.Prefix}fstype", parameter.Value);
        else if (name is Policy) yield return KeyValuePair.Create(Policy, parameter.Value);
        else if (s_migrated.Contains(name)) yield return KeyValuePair.Create($"{name}-migrationparam", parameter.Value);
    }
}
