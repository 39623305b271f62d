using System.Text.Json;
using Strake.Kubernetes.Decisions.Binding;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Provisioning;

public sealed class ProvisionedVolumeTests
{
    static readonly Claim s_claim = Given.Claim("data", "shop") with { ClassName = "gold" };

    [Fact]
    public void A_driver_is_told_its_parameters_and_for_which_claim_the_volume_is()
    {
        ProvisionPlan plan = Plan(("tier", "fast"), ("csi.storage.k8s.io/fstype", "xfs"), ("csi.storage.k8s.io/provisioner-secret-name", "s-${pvc.name}"),
            ("csi.storage.k8s.io/provisioner-secret-namespace", "${pvc.namespace}"));
        Assert.Equal("pvc-uid-data", plan.Name);
        Assert.Equal(TextMap.Of(("tier", "fast"), ("csi.storage.k8s.io/pvc/name", "data"), ("csi.storage.k8s.io/pvc/namespace", "shop"), ("csi.storage.k8s.io/pv/name", "pvc-uid-data")),
            plan.Parameters);
        Assert.Equal("xfs", plan.FsType);
        Assert.Equal(new SecretReference("shop", "s-data"), plan.Secret);
    }

    [Theory]
    [InlineData("csi.storage.k8s.io/colour", "red", "found unknown parameter key \"csi.storage.k8s.io/colour\" with reserved namespace csi.storage.k8s.io/")]
    [InlineData("csi.storage.k8s.io/node-stage-secret-name", "x", "the class names only one of name and namespace of the node-stage secret; both must be specified")]
    public void A_class_that_contradicts_itself_is_refused(string key, string value, string message) =>
        Assert.Equal(message, Assert.Throws<StrakeException>(() => Plan((key, value))).Message);

    [Fact]
    public void A_template_that_speaks_of_what_there_is_not_is_refused() => Assert.Contains("invalid tokens", Assert.Throws<StrakeException>(() => Plan(
        ("csi.storage.k8s.io/node-publish-secret-name", "${pvc.annotations['team']}"), ("csi.storage.k8s.io/node-publish-secret-namespace", "a"))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_volume_is_reserved_for_its_claim_and_held_until_its_storage_is_gone()
    {
        MadeStorage made = new("h1", Given.Size("2Gi")) { Attributes = TextMap.Of(("a", "b")), Topologies = [TextMap.Of(("kubernetes.io/hostname", "node"))] };
        PersistentVolume volume = Read(Plan(("csi.storage.k8s.io/node-stage-secret-name", "n"), ("csi.storage.k8s.io/node-stage-secret-namespace", "m")), made, out JsonElement document);

        Assert.Equal("pvc-uid-data", volume.Name);
        Assert.Equal(Given.Size("2Gi"), volume.Capacity);
        Assert.Equal(ClaimReference.To(s_claim), volume.ClaimReference);
        Assert.Equal("strake.csi", volume.Provisioner);
        Assert.Equal(ReclaimPolicy.Delete, volume.ReclaimPolicy);
        Assert.Equal(["kubernetes.io/pv-protection", "external-provisioner.volume.kubernetes.io/finalizer"], volume.Metadata.Finalizers);
        Assert.True(volume.NodeAffinity!.Matches(Given.Node()));
        Assert.False(volume.NodeAffinity!.Matches(Given.Node("other")));
        CsiSource source = CsiSource.Read(document.GetProperty("spec").GetProperty("csi"));
        Assert.Equal(new CsiSource("strake.csi", "h1") { Attributes = TextMap.Of(("a", "b")), NodeStageSecret = new SecretReference("m", "n") }, source);
    }

    [Fact]
    public void A_claim_is_bound_to_the_volume_that_was_made_for_it()
    {
        var index = new VolumeIndex();
        index.Put(Read(Plan(), new MadeStorage("h1", default), out _));
        var bind = Assert.IsType<ClaimDecision.Bind>(ClaimDecisions.Decide(new ClaimView(s_claim, index, ClassSet.Of(Given.Class("gold")))));
        Assert.Equal("pvc-uid-data", bind.Pair.Claim.VolumeName);
    }

    [Fact]
    public void A_plugins_volume_names_the_plugin()
    {
        PersistentVolume volume = Read(ProvisionPlan.Of(s_claim, Given.Class("gold", "docker.io/volume-plugin/rexray")), new MadeStorage("pvc-uid-data", default), out _);
        Assert.Equal(new VolumeSource("flexVolume", "docker.io/volume-plugin/rexray", "pvc-uid-data"), volume.Source);
        Assert.Equal("docker.io/volume-plugin/rexray", volume.Provisioner);
    }

    [Fact]
    public void A_volume_of_an_in_tree_class_is_in_the_classs_words()
    {
        StorageClass itsClass = Given.Class("gold", "kubernetes.io/aws-ebs") with { Parameters = TextMap.Of(("type", "gp3"), ("fsType", "ext4"), ("zones", "a,b")) };
        var plan = ProvisionPlan.Of(s_claim, itsClass);
        Assert.Equal("gp3", plan.Parameters.Find("type"));
        Assert.Null(plan.Parameters.Find("zones"));
        Assert.Equal(["a", "b"], Assert.Single(Assert.Single(plan.Class.AllowedTopologies).Labels).Values);

        PersistentVolume volume = Read(plan, new MadeStorage("vol-1", default), out JsonElement document);
        Assert.Equal("awsElasticBlockStore", volume.Source.Type);
        Assert.Equal("vol-1", document.GetProperty("spec").GetProperty("awsElasticBlockStore").GetProperty("volumeID").GetString());
        Assert.Equal("kubernetes.io/aws-ebs", volume.Provisioner);
        Assert.Equal("ebs.csi.aws.com", volume.Metadata.Annotations.Find(VolumeAnnotations.MigratedTo));
    }

    static ProvisionPlan Plan(params (string, string)[] parameters) => ProvisionPlan.Of(s_claim, Given.Class("gold") with { Parameters = TextMap.Of(parameters) });

    static PersistentVolume Read(ProvisionPlan plan, MadeStorage made, out JsonElement document)
    {
        document = JsonDocument.Parse(ProvisionedVolume.Document(plan, made).ToJsonString()).RootElement;
        return PersistentVolume.Read(document);
    }
}
