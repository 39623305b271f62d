using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Strake.Daemon.DockerApi;
using Strake.Daemon.Server;
using Strake.State;

namespace Strake.Daemon.Tests.DockerApi;

public sealed class FiltersTests
{
    static readonly Dictionary<string, string> s_labels = new() { ["a"] = "1", ["b"] = "" };

    [Theory]
    [InlineData("{\"label\":{\"a\":true,\"b\":false}}", "a")]
    [InlineData("{\"label\":[\"a\",\"b\"]}", "a b")]
    [InlineData("{\"label\":[]}", "")]
    [InlineData("{}", "")]
    [InlineData("null", "")]
    public void Both_forms_are_read(string text, string values) => Assert.Equal(values, string.Join(' ', Filters.Parse(text).Of("label")));

    [Theory]
    [InlineData("abc")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"label\":\"a\"}")]
    [InlineData("{\"label\":{\"a\":1}}")]
    [InlineData("{\"label\":[1]}")]
    public void Another_form_is_refused_in_dockers_words(string text)
    {
        var refusal = Assert.Throws<StrakeException>(() => Filters.Parse(text));
        Assert.Equal(("invalid filter", ErrorKind.Invalid), (refusal.Message, refusal.Kind));
    }

    [Fact]
    public void An_unknown_name_is_refused_by_name()
    {
        var query = new QueryParameters(new QueryCollection(new Dictionary<string, StringValues> { ["filters"] = "{\"xx\":{\"a\":true}}" }));
        Assert.Equal("invalid filter 'xx'", Assert.Throws<StrakeException>(() => Filters.Read(query, "label")).Message);
    }

    [Theory]
    [InlineData("{\"label\":[\"a\"]}", true)]
    [InlineData("{\"label\":[\"a=1\"]}", true)]
    [InlineData("{\"label\":[\"a=2\"]}", false)]
    [InlineData("{\"label\":[\"a\",\"b\"]}", true)]
    [InlineData("{\"label\":[\"a\",\"c\"]}", false)]
    [InlineData("{\"label!\":[\"c\"]}", true)]
    [InlineData("{\"label!\":[\"a\"]}", false)]
    [InlineData("{\"label!\":[\"a=2\"]}", true)]
    public void Labels_all_have_to_hold(string text, bool allowed) => Assert.Equal(allowed, Filters.Parse(text).AllowLabels(s_labels));

    [Theory]
    [InlineData("{\"name\":[\"web\"]}", "web-1", true)]
    [InlineData("{\"name\":[\"^web$\"]}", "web-1", false)]
    [InlineData("{\"name\":[\"^/web-[0-9]$\"]}", "/web-1", true)]
    [InlineData("{\"name\":[\"(\"]}", "(", true)]
    [InlineData("{\"name\":[\"(\"]}", "web", false)]
    [InlineData("{}", "web", true)]
    public void A_pattern_matches_a_part(string text, string name, bool matches) => Assert.Equal(matches, Filters.Parse(text).Matches("name", name));

    [Fact]
    public void A_pattern_that_takes_for_ever_is_refused() =>
        Assert.Throws<StrakeException>(() => Filters.Parse("{\"name\":[\"(a+)+$\"]}").Matches("name", new string('a', 60) + "b"));

    [Theory]
    [InlineData("{\"dangling\":[\"true\"]}", true)]
    [InlineData("{\"dangling\":[\"0\"]}", false)]
    [InlineData("{}", null)]
    public void Yes_and_no_are_read(string text, bool? answer) => Assert.Equal(answer, Filters.Parse(text).YesOrNo("dangling"));

    [Theory]
    [InlineData("{\"dangling\":[\"perhaps\"]}", "invalid filter 'dangling=[perhaps]'")]
    [InlineData("{\"dangling\":[\"true\",\"false\"]}", "invalid filter 'dangling=[true false]'")]
    public void Neither_yes_nor_no_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<StrakeException>(() => Filters.Parse(text).YesOrNo("dangling")).Message);
}
