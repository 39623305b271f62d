using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>Disks of Amazon's EBS.</summary>
sealed record AwsElasticBlockStore() : InTreeSource("awsElasticBlockStore", "kubernetes.io/aws-ebs", "ebs.csi.aws.com")
{
    public override string ZoneLabel => "topology.ebs.csi.aws.com/zone";

    public override CsiSource ToCsi(JsonElement source, InTreeOrigin origin) => Disk(HandleOf(source.Text("volumeID")), source) with
    {
        Attributes = TextMap.Of(("partition", source.Number("partition").ToString(CultureInfo.InvariantCulture))),
    };

    public override JsonObject ToInTree(CsiSource source) => new JsonObject { ["volumeID"] = source.Handle }
        .WithText("fsType", source.FsType)
        .WithFlag("readOnly", source.ReadOnly)
        .WithNumber("partition", int.TryParse(source.Attributes.Find("partition"), CultureInfo.InvariantCulture, out int partition) ? partition : 0);

    public override string NameOf(JsonElement source) => HandleOf(source.Text("volumeID"));

    // aws://<zone>/<id>, aws:///<id>, or the id alone.
    static string HandleOf(string id)
    {
        if (!id.StartsWith("aws://", StringComparison.Ordinal)) return id;
        string disk = id[(id.IndexOf('/', "aws://".Length) + 1)..].Trim('/');
        return disk.StartsWith("vol-", StringComparison.Ordinal) && !disk.Contains('/', StringComparison.Ordinal)
            ? disk
            : throw StrakeException.Invalid($"Invalid format for AWS volume ({id})");
    }
}
