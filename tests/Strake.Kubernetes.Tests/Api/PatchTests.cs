using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Tests.Api;

/// <summary>The three forms of patches.</summary>
public sealed class PatchTests
{
    const string Pod = """{"metadata":{"name":"p","finalizers":["a","b"]},"spec":{"containers":[{"name":"x","image":"1","env":[{"name":"E","value":"1"}]},{"name":"y","image":"2"}],"volumes":[{"name":"v","emptyDir":{}}]}}""";

    [Theory]
    [InlineData("""{"spec":{"containers":[{"name":"x","image":"9"}]}}""", "spec.containers[0].image", "\"9\"")]
    [InlineData("""{"spec":{"containers":[{"name":"x","env":[{"name":"F","value":"2"}]}]}}""", "spec.containers[0].env[1].name", "\"F\"")]
    [InlineData("""{"spec":{"containers":[{"name":"y","$patch":"delete"}]}}""", "spec.containers", """[{"name":"x","image":"1","env":[{"name":"E","value":"1"}]}]""")]
    [InlineData("""{"spec":{"containers":[{"$patch":"replace"},{"name":"z"}]}}""", "spec.containers", """[{"name":"z"}]""")]
    [InlineData("""{"spec":{"$setElementOrder/containers":[{"name":"y"},{"name":"x"}],"containers":[{"name":"x","image":"3"}]}}""", "spec.containers[1].image", "\"3\"")]
    [InlineData("""{"spec":{"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/x"}}]}}""", "spec.volumes[0]", """{"name":"v","hostPath":{"path":"/x"}}""")]
    [InlineData("""{"metadata":{"finalizers":["c"]}}""", "metadata.finalizers", """["a","b","c"]""")]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}""", "metadata.finalizers", """["b"]""")]
    [InlineData("""{"spec":{"containers":null}}""", "spec.containers", "null")]
    [InlineData("""{"spec":{"volumes":[{"name":"v","$patch":"replace"},{"name":"w","emptyDir":{"medium":null}}]}}""", "spec.volumes[0].name", "\"w\"")]
    public void A_strategic_patch_merges_by_keys(string patch, string path, string expected)
    {
        var result = StrategicPatch.Apply(Parse(Pod), Parse(patch), PodKind.Kind.Schema);
        Assert.Equal(expected == "null" ? null : JsonNode.Parse(expected)!.ToJsonString(), Follow(result, path)?.ToJsonString());
    }

    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    public void A_merge_patch_is_that_of_RFC_7396(string document, string patch, string expected) =>
        Assert.Equal(expected, MergePatch.Apply(Parse(document), Parse(patch))!.ToJsonString());

    [Theory]
    [InlineData("""[{"op":"add","path":"/list/1","value":9}]""", """{"list":[1,9,2],"map":{"a/b":1}}""")]
    [InlineData("""[{"op":"add","path":"/list/-","value":9}]""", """{"list":[1,2,9],"map":{"a/b":1}}""")]
    [InlineData("""[{"op":"remove","path":"/map/a~1b"}]""", """{"list":[1,2],"map":{}}""")]
    [InlineData("""[{"op":"test","path":"/list/0","value":1},{"op":"replace","path":"/list/0","value":5}]""", """{"list":[5,2],"map":{"a/b":1}}""")]
    [InlineData("""[{"op":"move","from":"/list","path":"/map/list"}]""", """{"map":{"a/b":1,"list":[1,2]}}""")]
    [InlineData("""[{"op":"copy","from":"/list/0","path":"/map/x"}]""", """{"list":[1,2],"map":{"a/b":1,"x":1}}""")]
    public void A_JSON_patch_is_that_of_RFC_6902(string patch, string expected) =>
        Assert.Equal(expected, JsonPatch.Apply(Parse("""{"list":[1,2],"map":{"a/b":1}}"""), JsonNode.Parse(patch))!.ToJsonString());

    [Theory]
    [InlineData("""[{"op":"test","path":"/list/0","value":2}]""", 422)]
    [InlineData("""[{"op":"remove","path":"/nothing"}]""", 422)]
    [InlineData("""[{"op":"add","path":"/list/7","value":1}]""", 422)]
    [InlineData("""[{"op":"dance","path":"/list"}]""", 400)]
    [InlineData("""{"op":"add"}""", 400)]
    public void A_JSON_patch_that_cannot_be_done_is_refused(string patch, int code) =>
        Assert.Equal(code, Assert.Throws<StatusException>(() => JsonPatch.Apply(Parse("""{"list":[1]}"""), JsonNode.Parse(patch))).Status.Code);

    static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    static JsonNode? Follow(JsonNode? node, string path)
    {
        foreach (var part in path.Replace("[", ".[").Split('.'))
            node = part.StartsWith('[') ? (node as JsonArray)?[int.Parse(part[1..^1])] : (node as JsonObject)?[part];
        return node;
    }
}
