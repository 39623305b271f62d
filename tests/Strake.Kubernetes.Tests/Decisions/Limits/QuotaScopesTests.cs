using System.Text.Json;
using Strake.Kubernetes.Decisions.Limits;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Decisions.Limits;

/// <summary>Which objects a quota with scopes counts.</summary>
public sealed class QuotaScopesTests
{
    [Theory]
    [InlineData("", """{}""", true)]
    [InlineData("\"scopes\":[\"Terminating\"]", """{"spec":{"activeDeadlineSeconds":5}}""", true)]
    [InlineData("\"scopes\":[\"Terminating\"]", """{"spec":{}}""", false)]
    [InlineData("\"scopes\":[\"NotTerminating\"]", """{"spec":{}}""", true)]
    [InlineData("\"scopes\":[\"BestEffort\"]", """{"status":{"qosClass":"BestEffort"}}""", true)]
    [InlineData("\"scopes\":[\"BestEffort\"]", """{"status":{"qosClass":"Burstable"}}""", false)]
    [InlineData("\"scopes\":[\"NotBestEffort\",\"NotTerminating\"]", """{"status":{"qosClass":"Guaranteed"}}""", true)]
    [InlineData("\"scopes\":[\"PriorityClass\"]", """{"spec":{"priorityClassName":"high"}}""", true)]
    [InlineData("\"scopeSelector\":{\"matchExpressions\":[{\"scopeName\":\"PriorityClass\",\"operator\":\"In\",\"values\":[\"high\"]}]}", """{"spec":{"priorityClassName":"low"}}""", false)]
    [InlineData("\"scopeSelector\":{\"matchExpressions\":[{\"scopeName\":\"PriorityClass\",\"operator\":\"DoesNotExist\"}]}", """{"spec":{}}""", true)]
    [InlineData("\"scopes\":[\"CrossNamespacePodAffinity\"]", """{"spec":{"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"namespaces":["a"]}]}}}}""", true)]
    [InlineData("\"scopes\":[\"CrossNamespacePodAffinity\"]", """{"spec":{"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{}]}}}}""", false)]
    [InlineData("\"scopes\":[\"VolumeAttributesClass\"]", """{"spec":{}}""", false)]
    public void A_pod_is_counted_that_is_of_all_of_them(string spec, string pod, bool isCounted) =>
        Assert.Equal(isCounted, QuotaScopes.Cover(Quota(spec), "pods", Json(pod)));

    [Theory]
    [InlineData("", "persistentvolumeclaims", """{"spec":{}}""", true)]
    [InlineData("\"scopes\":[\"BestEffort\"]", "persistentvolumeclaims", """{"spec":{}}""", false)]
    [InlineData("\"scopes\":[\"BestEffort\"]", "configmaps", """{}""", false)]
    [InlineData("\"scopes\":[\"VolumeAttributesClass\"]", "persistentvolumeclaims", """{"spec":{"volumeAttributesClassName":"gold"}}""", true)]
    [InlineData("\"scopes\":[\"VolumeAttributesClass\"]", "persistentvolumeclaims", """{"spec":{}}""", false)]
    public void Other_objects_are_counted_by_scopes_of_their_own_alone(string spec, string resource, string document, bool isCounted) =>
        Assert.Equal(isCounted, QuotaScopes.Cover(Quota(spec), resource, Json(document)));

    static Quota Quota(string spec) => Strake.Kubernetes.Records.Quota.Read(Json($$"""{"metadata":{"name":"q"},"spec":{{{spec}} } }"""));

    static JsonElement Json(string text) => JsonElement.Parse(text);
}
