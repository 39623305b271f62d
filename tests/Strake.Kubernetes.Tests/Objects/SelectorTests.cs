using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Tests.Objects;

/// <summary>Conditions on labels and fields.</summary>
public sealed class SelectorTests
{
    static readonly Dictionary<string, string> s_labels = new() { ["app"] = "db", ["tier"] = "gold" };

    [Theory]
    [InlineData("", true)]
    [InlineData("app=db", true)]
    [InlineData("app==db,tier!=silver", true)]
    [InlineData("app in (web, db)", true)]
    [InlineData("app notin (web,db)", false)]
    [InlineData("missing notin (a)", true)]
    [InlineData("missing!=a", true)]
    [InlineData("missing", false)]
    [InlineData("!missing,app", true)]
    [InlineData("app in (a,b),tier=gold", false)]
    public void Labels_are_selected(string selector, bool matches) => Assert.Equal(matches, LabelSelector.Parse(selector).Matches(s_labels));

    [Theory]
    [InlineData("a b c")]
    [InlineData("app in web")]
    [InlineData("-bad=x")]
    [InlineData("app=not valid!")]
    public void What_is_no_selector_is_refused(string selector) => Assert.Equal(400, Assert.Throws<StatusException>(() => LabelSelector.Parse(selector)).Status.Code);

    [Fact]
    public async Task Fields_are_selected_by_the_names_of_the_kind_served()
    {
        await using var kube = await KubeFixture.OpenAsync();
        var stored = await kube.CreateAsync(EventKind.Kind, """{"metadata":{"name":"e"},"involvedObject":{"name":"data","kind":"PersistentVolumeClaim"},"type":"Normal"}""");
        Assert.True(FieldSelector.Parse("involvedObject.name=data,type!=Warning", EventKind.Kind).Matches(stored, EventKind.Kind));
        Assert.True(FieldSelector.Parse("regarding.name=data", EventKind.InOwnGroup).Matches(stored, EventKind.InOwnGroup));
        Assert.False(FieldSelector.Parse("metadata.name=other", EventKind.Kind).Matches(stored, EventKind.Kind));
    }

    [Fact]
    public void A_field_by_which_a_kind_is_not_selected_is_refused() =>
        Assert.Contains("field label not supported: spec.x", Assert.Throws<StatusException>(() => FieldSelector.Parse("spec.x=1", PodKind.Kind)).Message);
}
