using System.Text;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Tests.Api;

/// <summary>YAML in, YAML out.</summary>
public sealed class YamlTests
{
    const int Most = 1 << 20;

    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: [x, 'y', \"z\"]\nb: {c: ~}", """{"a":["x","y","z"],"b":{"c":null}}""")]
    [InlineData("a: yes\nb: off\nc: 'yes'\nd: !!str yes", """{"a":true,"b":false,"c":"yes","d":"yes"}""")]
    [InlineData("a: 0644\nb: 0x1f\nc: 1_000\nd: -3\ne: 0b11\nf: 089", """{"a":420,"b":31,"c":1000,"d":-3,"e":3,"f":89}""")]
    [InlineData("a: 1.5\nb: .5\nc: 1e3\nd: 1.2.3\ne: 10Gi\nf: +x", """{"a":1.5,"b":0.5,"c":1000,"d":"1.2.3","e":"10Gi","f":"\u002Bx"}""")]
    [InlineData("a: 2001-12-14\nb: 12:30:45", """{"a":"2001-12-14","b":"12:30:45"}""")]
    [InlineData("a: |\n  one\n  two\nb: >-\n  one\n  two", """{"a":"one\ntwo\n","b":"one two"}""")]
    [InlineData("1: a\ntrue: b", """{"1":"a","true":"b"}""")]
    [InlineData("a: &x {k: v}\nb: *x", """{"a":{"k":"v"},"b":{"k":"v"}}""")]
    [InlineData("a: &x {k: v, m: 1}\nb: {<<: *x, k: w}", """{"a":{"k":"v","m":1},"b":{"m":1,"k":"w"}}""")]
    [InlineData("- &a {x: 1}\n- &b {x: 2, z: 3}\n- <<: [*a, *b]", """[{"x":1},{"x":2,"z":3},{"x":1,"z":3}]""")]
    [InlineData("--- # a comment\na: b\n...\n", """{"a":"b"}""")]
    [InlineData("""{"a": "\u00e4", "b": [1.50]}""", """{"a":"ä","b":[1.50]}""")]
    public void A_document_means_what_it_means_to_Kubernetes(string yaml, string json) =>
        Assert.Equal(JsonNode.Parse(json)!.ToJsonString(), JsonNode.Parse(YamlReader.ToJson(Encoding.UTF8.GetBytes(yaml), Most))!.ToJsonString());

    [Theory]
    [InlineData("a: [", "is no YAML")]
    [InlineData("a: b\n---\nc: d", "more than one document")]
    [InlineData("a: .nan", "JSON has no .nan")]
    [InlineData("a: *missing", "unknown anchor 'missing' referenced")]
    [InlineData("a: &a [*a]", "deeper than 64")]
    [InlineData("? [a]\n: b", "a key that is no scalar")]
    [InlineData("<<: 3", "map merge requires map")]
    [InlineData("", "it has no document")]
    public void What_cannot_be_read_is_refused(string yaml, string why) => Assert.Contains(why, Refused(yaml), StringComparison.Ordinal);

    [Fact]
    public void Texts_that_would_grow_without_end_are_refused()
    {
        var laughs = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (var i = 1; i < 10; i++) laughs.Append("a").Append(i).Append(": &a").Append(i).Append(" [").AppendJoin(", ", Enumerable.Repeat($"*a{i - 1}", 9)).Append("]\n");
        Assert.Contains("with its aliases written out", Refused(laughs.ToString()), StringComparison.Ordinal);

        // Merges that bring nothing along make no output, and take their time all the same.
        var merges = new StringBuilder("a: &a {").AppendJoin(", ", Enumerable.Range(0, 5000).Select(static i => $"k{i}: 1")).Append("}\nb: {<<: [").AppendJoin(", ", Enumerable.Repeat("*a", 50000)).Append("]}");
        Assert.Contains("merges without end", Refused(merges.ToString()), StringComparison.Ordinal);
        Assert.Contains("deeper than 64", Refused(new string('[', 100_000)), StringComparison.Ordinal);
        Assert.Contains("deeper than 64", Refused(string.Concat(Enumerable.Repeat("- ", 10_000))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":"text","b":"yes","c":"10","d":"","e":null,"f":true,"g":-1.5,"h":[],"i":{},"j":[{"k":"v","l":["m"]}]}""")]
    [InlineData("""{"a":"two\nlines\n","b":" led by a blank","c":"ends with one ","d":"a: b # c","e":"- x","f":"\u0001\t","g":"~","h":"0x10","i":"'","j":"\"","k":"<<","l":"*a"}""")]
    [InlineData("""{"a":"line\n  deeper\n\nand an empty one","b":"\n","c":"ends without\none","d":"äöü€😀","e":"2024-01-01","f":"null","g":"{}","h":"@","i":"\r\n"}""")]
    public void What_is_written_is_read_as_it_was(string json)
    {
        byte[] yaml = YamlWriter.Of(Encoding.UTF8.GetBytes(json));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(YamlReader.ToJson(yaml, Most))), Encoding.UTF8.GetString(yaml));
    }

    static string Refused(string yaml) => Assert.Throws<StatusException>(() => YamlReader.ToJson(Encoding.UTF8.GetBytes(yaml), Most)).Message;
}
