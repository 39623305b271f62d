using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Decisions.Provisioning.InTree;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Provisioning;

public sealed class InTreeTranslationTests
{
    [Theory]
    [InlineData("""{"awsElasticBlockStore":{"volumeID":"aws://us-east-1a/vol-7","fsType":"ext4","partition":1}}""", "ebs.csi.aws.com", "vol-7", "{partition=1}")]
    [InlineData("""{"awsElasticBlockStore":{"volumeID":"vol-7"}}""", "ebs.csi.aws.com", "vol-7", "{partition=0}")]
    [InlineData("""{"gcePersistentDisk":{"pdName":"d"}}""", "pd.csi.storage.gke.io", "projects/UNSPECIFIED/zones/UNSPECIFIED/disks/d", "{partition=}")]
    [InlineData("""{"azureDisk":{"diskName":"d","diskURI":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d","cachingMode":"None"}}""",
        "disk.csi.azure.com", "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d", "{cachingMode=None, csi-migration=true, kind=Managed}")]
    [InlineData("""{"azureFile":{"shareName":"f","secretName":"azure-storage-account-acc-secret"}}""", "file.csi.azure.com", "#acc#f#", "{sharename=f}")]
    [InlineData("""{"cinder":{"volumeID":"c1"}}""", "cinder.csi.openstack.org", "c1", "{}")]
    [InlineData("""{"vsphereVolume":{"volumePath":"[ds] a.vmdk","storagePolicyName":"p"}}""", "csi.vsphere.vmware.com", "[ds] a.vmdk", "{storagepolicyname=p}")]
    [InlineData("""{"portworxVolume":{"volumeID":"p1","fsType":"ext4"}}""", "pxd.portworx.com", "p1", "{}")]
    public void A_volume_is_told_to_its_driver(string spec, string driver, string handle, string attributes)
    {
        CsiSource source = InTreeTranslation.CsiSourceOf(Volume(spec))!;
        Assert.Equal((driver, handle, attributes), (source.Driver, source.Handle, source.Attributes.ToString()));
    }

    [Theory]
    [InlineData("""{"awsElasticBlockStore":{"volumeID":"vol-7","fsType":"ext4","readOnly":true,"partition":1}}""")]
    [InlineData("""{"gcePersistentDisk":{"pdName":"d","fsType":"ext4","partition":2}}""")]
    [InlineData("""{"azureDisk":{"diskName":"d","diskURI":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d","cachingMode":"None","fsType":"ext4","kind":"Managed"}}""")]
    [InlineData("""{"azureFile":{"shareName":"f","secretName":"azure-storage-account-acc-secret","secretNamespace":"n"}}""")]
    [InlineData("""{"cinder":{"volumeID":"c1","fsType":"ext4"}}""")]
    [InlineData("""{"portworxVolume":{"volumeID":"p1","fsType":"ext4"}}""")]
    public void There_and_back_is_the_same(string spec)
    {
        JsonObject back = InTreeTranslation.ToInTree(InTreeTranslation.ToCsi(Volume(spec)));
        back["spec"]!.AsObject().Remove("accessModes");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(spec), back["spec"]), back.ToJsonString());
    }

    [Fact]
    public void Zones_are_named_by_the_drivers_label()
    {
        const string Spec = """{"cinder":{"volumeID":"c1"},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"topology.kubernetes.io/zone","operator":"In","values":["z"]}]}]}}}""";
        JsonObject there = InTreeTranslation.ToCsi(Volume(Spec));
        Assert.Contains("topology.cinder.csi.openstack.org/zone", there.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("topology.kubernetes.io/zone", there["spec"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("topology.kubernetes.io/zone", InTreeTranslation.ToInTree(there).ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("us-central1-a", "zones/us-central1-a")]
    [InlineData("us-central1-a__us-central1-b", "regions/us-central1")]
    public void A_disk_of_several_zones_is_one_of_their_region(string zones, string place) => Assert.Equal(
        $"projects/UNSPECIFIED/{place}/disks/d", InTreeTranslation.CsiSourceOf(Volume("""{"gcePersistentDisk":{"pdName":"d"}}""", zones))!.Handle);

    [Fact]
    public void A_pods_own_volume_has_a_name_that_no_other_has()
    {
        InlineVolume inline = InTreeTranslation.InlineToCsi(Json("""{"name":"v","azureFile":{"shareName":"f","secretName":"azure-storage-account-acc-secret"}}"""), "shop")!;
        Assert.Equal("file.csi.azure.com-f", inline.Name);
        Assert.Equal(AccessModes.ReadWriteMany, inline.AccessModes);
        Assert.Equal(new SecretReference("shop", "azure-storage-account-acc-secret"), inline.Source.NodeStageSecret);
        Assert.Null(InTreeTranslation.InlineToCsi(Json("""{"name":"v","emptyDir":{}}"""), "shop"));
    }

    [Theory]
    [InlineData("""{"awsElasticBlockStore":{"volumeID":"aws://a/b/c"}}""")]
    [InlineData("""{"awsElasticBlockStore":{"volumeID":"aws://"}}""")]
    public void A_source_that_names_nothing_is_refused(string spec) => Assert.Throws<StrakeException>(() => InTreeTranslation.CsiSourceOf(Volume(spec)));

    [Fact]
    public void What_is_no_in_tree_storage_is_left_as_it_is()
    {
        Assert.Null(InTreeTranslation.CsiSourceOf(Volume("""{"hostPath":{"path":"/srv"}}""")));
        Assert.Equal("/srv", (string?)InTreeTranslation.ToCsi(Volume("""{"hostPath":{"path":"/srv"}}"""))["spec"]!["hostPath"]!["path"]);
        Assert.Equal("h", InTreeTranslation.CsiSourceOf(Volume("""{"csi":{"driver":"d","volumeHandle":"h"}}"""))!.Handle);
    }

    [Fact]
    public void A_vsphere_class_keeps_what_the_driver_takes()
    {
        StorageClass translated = InTreeTranslation.ClassToCsi(Given.Class("gold", "kubernetes.io/vsphere-volume") with
        {
            Parameters = TextMap.Of(("diskformat", "thin"), ("fstype", "ext4"), ("storagePolicyName", "p"), ("colour", "red")),
        });
        Assert.Equal("csi.vsphere.vmware.com", translated.Provisioner);
        Assert.Equal(TextMap.Of(("diskformat-migrationparam", "thin"), ("csi.storage.k8s.io/fstype", "ext4"), ("storagepolicyname", "p"), ("csimigration", "true")), translated.Parameters);
    }

    [Fact]
    public void Zones_said_twice_are_refused() => Assert.Throws<StrakeException>(() => InTreeTranslation.ClassToCsi(Given.Class("gold", "kubernetes.io/gce-pd") with
    {
        Parameters = TextMap.Of(("zone", "a")),
        AllowedTopologies = [new NodeSelectorTerm([new SelectorRequirement("topology.kubernetes.io/zone", SelectorOperator.In, ["b"])], [])],
    }));

    static JsonElement Volume(string spec, string? zones = null) =>
        Json($$$"""{"metadata":{"name":"v","labels":{"topology.kubernetes.io/zone":"{{{zones}}}"}},"spec":{{{spec}}}}""");

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
