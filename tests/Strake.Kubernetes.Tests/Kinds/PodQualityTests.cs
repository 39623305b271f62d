using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;

namespace Strake.Kubernetes.Tests.Kinds;

/// <summary>A pod's class of quality of service.</summary>
public sealed class PodQualityTests
{
    [Theory]
    [InlineData("""{}""", "BestEffort")]
    [InlineData("""{"requests":{"ephemeral-storage":"1Gi"}}""", "BestEffort")]
    [InlineData("""{"requests":{"cpu":"0"}}""", "BestEffort")]
    [InlineData("""{"requests":{"cpu":"100m"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"500m","memory":"1Gi"}}""", "Burstable")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"},"requests":{"cpu":"1000m","memory":"1024Mi"}}""", "Guaranteed")]
    [InlineData("""{"limits":{"cpu":"1","memory":"1Gi"}}""", "Guaranteed")]
    public void It_follows_from_what_a_container_asks_for_and_may_have(string resources, string quality) =>
        Assert.Equal(quality, PodQuality.Of(JsonNode.Parse($$"""{"containers":[{"name":"c","resources":{{resources}}}]}""")));

    [Fact]
    public void Each_container_must_be_sure_for_the_pod_to_be() => Assert.Equal("Burstable", PodQuality.Of(JsonNode.Parse("""
        {"containers":[{"name":"a","resources":{"limits":{"cpu":"1","memory":"1Gi"}}}],"initContainers":[{"name":"b"}]}
        """)));
}
