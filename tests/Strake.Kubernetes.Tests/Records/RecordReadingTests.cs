using System.Text.Json;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Records;

public sealed class RecordReadingTests
{
    [Fact]
    public void A_claim_is_read_with_all_that_decisions_need()
    {
        Claim claim = Claim.Read(Json("""
            {"metadata":{"name":"data","namespace":"shop","uid":"u1","deletionTimestamp":"2026-01-01T12:00:00Z","finalizers":["kubernetes.io/pvc-protection"]},
             "spec":{"accessModes":["ReadWriteOnce","ReadOnlyMany"],"volumeMode":"Block","resources":{"requests":{"storage":"500Mi"}},
                     "storageClassName":"gold","selector":{"matchLabels":{"a":"b"}},"dataSource":{"kind":"VolumeSnapshot","apiGroup":"snapshot.storage.k8s.io","name":"s"}},
             "status":{"phase":"Bound","capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"conditions":[{"type":"Resizing","status":"True"}]}}
            """));

        Assert.Equal(new ObjectKey("shop", "data"), claim.Key);
        Assert.True(claim.Metadata.IsBeingDeleted);
        Assert.Equal(AccessModes.ReadWriteOnce | AccessModes.ReadOnlyMany, claim.AccessModes);
        Assert.Equal(VolumeMode.Block, claim.VolumeMode);
        Assert.Equal("500Mi", claim.Request.ToString());
        Assert.Equal("gold", claim.ClassName);
        Assert.True(claim.Selector!.Matches(TextMap.Of(("a", "b"), ("c", "d"))));
        Assert.Equal("VolumeSnapshot", claim.Source!.Kind);
        Assert.Equal(ClaimPhase.Bound, claim.Phase);
        Assert.Equal("1Gi", claim.Capacity.ToString());
        Assert.Equal([new ClaimCondition("Resizing")], claim.Conditions);
    }

    [Theory]
    [InlineData("""{"metadata":{"annotations":{"volume.beta.kubernetes.io/storage-class":"old"}},"spec":{"storageClassName":"new"}}""", "old")]
    [InlineData("""{"spec":{"storageClassName":""}}""", "")]
    [InlineData("""{"spec":{"storageClassName":null}}""", null)]
    [InlineData("""{"spec":{}}""", null)]
    public void No_class_and_an_empty_class_are_not_the_same(string document, string? expected) => Assert.Equal(expected, Claim.Read(Json(document)).ClassName);

    [Fact]
    public void A_volume_says_where_its_storage_is()
    {
        Assert.Equal(new VolumeSource("csi", "d", "h"), VolumeOf("""{"capacity":{"storage":"1Gi"},"claimRef":{"name":"c"},"csi":{"driver":"d","volumeHandle":"h"}}""").Source);
        Assert.Equal(new VolumeSource("hostPath", "", "/srv"), VolumeOf("""{"hostPath":{"path":"/srv"}}""").Source);
        Assert.Equal(VolumeSource.None, VolumeOf("{}").Source);
    }

    [Theory]
    [InlineData("{}", ReclaimPolicy.Retain)]
    [InlineData("""{"persistentVolumeReclaimPolicy":"Delete"}""", ReclaimPolicy.Delete)]
    [InlineData("""{"persistentVolumeReclaimPolicy":"Shred"}""", ReclaimPolicy.Unknown)]
    [InlineData("""{"persistentVolumeReclaimPolicy":"1"}""", ReclaimPolicy.Unknown)]
    public void A_reclaim_policy_that_nobody_knows_is_not_taken_for_another(string spec, ReclaimPolicy expected) =>
        Assert.Equal(expected, VolumeOf(spec).ReclaimPolicy);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"metadata":[],"spec":"x","status":{"phase":9,"conditions":{}}}""")]
    [InlineData("""{"metadata":{"labels":{"a":1},"finalizers":[{}]},"spec":{"accessModes":[null],"selector":{"matchExpressions":[7]},"resources":{"requests":{"storage":{}}}}}""")]
    public void A_document_of_any_shape_is_read(string document)
    {
        JsonElement element = Json(document);
        Assert.Equal(ClaimPhase.Pending, Claim.Read(element).Phase);
        Assert.Equal(VolumePhase.Pending, PersistentVolume.Read(element).Phase);
        Assert.Equal(PodPhase.Pending, PodUse.Read(element).Phase);
        Assert.Equal("", StorageClass.Read(element).Provisioner);
        Assert.False(NodeView.Read(element).IsUnschedulable);
    }

    [Fact]
    public void A_pod_needs_what_its_containers_need_or_its_largest_init_container()
    {
        PodUse pod = PodUse.Read(Json("""
            {"metadata":{"name":"web","namespace":"default"},
             "spec":{"volumes":[{"name":"d","persistentVolumeClaim":{"claimName":"data","readOnly":true}},{"name":"e","ephemeral":{}},{"name":"x","emptyDir":{}}],
                     "containers":[{"resources":{"requests":{"cpu":"250m","memory":"64Mi"}},"ports":[{"hostPort":80},{"containerPort":8080}]},{"resources":{"requests":{"cpu":0.5}}}],
                     "initContainers":[{"resources":{"requests":{"cpu":"500m","memory":"1Gi"}}}]}}
            """));
        Assert.Equal([new PodVolume("d", "data", ReadOnly: true), new PodVolume("e", "web-e", IsEphemeral: true)], pod.Volumes);
        Assert.Equal(new ComputeAmounts(Given.Size("750m"), Given.Size("1Gi")), pod.Requests);
        Assert.Equal(["TCP/80"], pod.HostPorts);
    }

    [Theory]
    [InlineData("In", "a", true)]
    [InlineData("In", null, false)]
    [InlineData("NotIn", "a", false)]
    [InlineData("NotIn", "b", true)]
    [InlineData("NotIn", null, true)]
    [InlineData("Exists", "b", true)]
    [InlineData("Exists", null, false)]
    [InlineData("DoesNotExist", null, true)]
    [InlineData("Near", "a", false)]
    public void A_requirement_is_met_as_in_Kubernetes(string word, string? value, bool met) =>
        Assert.Equal(met, SelectorRequirement.Read(Json($$"""{"key":"k","operator":"{{word}}","values":["a"]}""")).IsMetBy(value));

    [Theory]
    [InlineData("Gt", "5", "4", true)]
    [InlineData("Gt", "4", "4", false)]
    [InlineData("Lt", "3", "4", true)]
    [InlineData("Lt", "x", "4", false)]
    public void Numbers_are_compared_as_numbers(string word, string value, string bound, bool met) =>
        Assert.Equal(met, SelectorRequirement.Read(Json($$"""{"key":"k","operator":"{{word}}","values":["{{bound}}"]}""")).IsMetBy(value));

    static PersistentVolume VolumeOf(string spec) => PersistentVolume.Read(Json($$"""{"metadata":{"name":"v"},"spec":{{spec}}}"""));

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
