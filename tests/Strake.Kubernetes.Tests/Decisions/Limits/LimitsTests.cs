using System.Text.Json;
using Strake.Kubernetes.Decisions.Limits;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Tests.Decisions.Limits;

public sealed class LimitsTests
{
    static readonly Claim s_gold = Given.Claim() with { ClassName = "gold", Request = Given.Size("10Gi") };

    [Fact]
    public void A_claim_counts_for_itself_its_size_and_both_in_its_class() => Assert.Equal(
        "count/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/requests.storage=10Gi,"
        + "persistentvolumeclaims=1,requests.storage=10Gi",
        QuotaUsage.Of(s_gold).ToString());

    [Fact]
    public void A_growth_that_was_begun_counts_though_it_is_taken_back() =>
        Assert.Equal(Given.Size("20Gi"), QuotaUsage.Of(s_gold with { AllocatedSize = Given.Size("20Gi") })["requests.storage"]);

    [Fact]
    public void Usage_is_of_what_the_quota_limits()
    {
        Quota quota = QuotaOf(("requests.storage", "50Gi"), ("persistentvolumeclaims", "5"), ("pods", "3"), ("silver.storageclass.storage.k8s.io/requests.storage", "0"));
        Assert.Equal("persistentvolumeclaims=2,pods=1,requests.storage=11Gi,silver.storageclass.storage.k8s.io/requests.storage=0",
            QuotaUsage.In(quota, [QuotaUsage.Of(s_gold), QuotaUsage.Of(Given.Claim("other")), QuotaUsage.OfCount("pods"), QuotaUsage.OfCount("deployments.apps")]).ToString());
    }

    [Fact]
    public void Too_much_is_refused_in_Kubernetes_words()
    {
        Quota quota = QuotaOf(("requests.storage", "12Gi"), ("persistentvolumeclaims", "1")) with { Used = Amounts(("requests.storage", "5Gi"), ("persistentvolumeclaims", "1")) };
        Assert.Equal("exceeded quota: quota, requested: persistentvolumeclaims=1,requests.storage=10Gi, used: persistentvolumeclaims=1,requests.storage=5Gi, "
            + "limited: persistentvolumeclaims=1,requests.storage=12Gi", QuotaAdmission.ReasonAgainst([quota], ResourceAmounts.Empty, QuotaUsage.Of(s_gold)));
    }

    [Fact]
    public void Only_what_becomes_more_is_refused()
    {
        Quota full = QuotaOf(("requests.storage", "5Gi")) with { Used = Amounts(("requests.storage", "10Gi")) };
        ResourceAmounts before = QuotaUsage.Of(s_gold);
        Assert.Null(QuotaAdmission.ReasonAgainst([full], before, before));
        Assert.Null(QuotaAdmission.ReasonAgainst([full], before, QuotaUsage.Of(s_gold with { Request = Given.Size("1Gi") })));
        Assert.Equal("exceeded quota: quota, requested: requests.storage=1Gi, used: requests.storage=10Gi, limited: requests.storage=5Gi",
            QuotaAdmission.ReasonAgainst([full], before, QuotaUsage.Of(s_gold with { Request = Given.Size("11Gi") })));
    }

    [Theory]
    [InlineData("500Mi", "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi")]
    [InlineData("1Gi", null)]
    [InlineData("10Gi", null)]
    [InlineData("11Gi", "maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi")]
    public void A_claim_is_within_its_namespaces_range(string request, string? expected)
    {
        LimitRange range = LimitRange.Read(JsonDocument.Parse(
            """{"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","max":{"cpu":"1"}},{"type":"PersistentVolumeClaim","min":{"storage":"1Gi"},"max":{"storage":"10Gi"}}]}}""").RootElement);
        Assert.Equal(expected, LimitRangeAdmission.ReasonAgainst([range], Given.Claim() with { Request = Given.Size(request) }));
    }

    [Fact]
    public void Several_reasons_are_told_together()
    {
        LimitRange Range(string min) => new(Given.Meta("l"), [new LimitRangeItem("PersistentVolumeClaim", Amounts(("storage", min)), ResourceAmounts.Empty)]);
        Assert.Equal("[minimum storage usage per PersistentVolumeClaim is 2Gi, but request is 1Gi, minimum storage usage per PersistentVolumeClaim is 3Gi, but request is 1Gi]",
            LimitRangeAdmission.ReasonAgainst([Range("2Gi"), Range("3Gi"), Range("2Gi")], Given.Claim()));
    }

    [Theory]
    [InlineData("""{"requests":{"cpu":"500m"},"limits":{"cpu":"1"}}""", null)]
    [InlineData("""{"requests":{"cpu":"250m"},"limits":{"cpu":"1"}}""", "cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000")]
    [InlineData("""{"limits":{"cpu":"1"}}""", "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0")]
    [InlineData("""{"requests":{"cpu":"1"}}""", "cpu max limit to request ratio per Container is 2, but no limit is specified or limit is 0")]
    public void A_limit_is_no_more_than_so_many_times_the_request(string resources, string? expected)
    {
        LimitRange range = LimitRange.Read(JsonElement.Parse("""{"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","maxLimitRequestRatio":{"cpu":"2"}}]}}"""));
        var spec = (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse($$"""{"containers":[{"name":"c","resources":{{resources}}}]}""")!;
        Assert.Equal(expected, ContainerRange.ReasonAgainst([range], spec));
    }

    static Quota QuotaOf(params (string, string)[] hard) => new(Given.Meta("quota"), Amounts(hard), ResourceAmounts.Empty);

    static ResourceAmounts Amounts(params (string Name, string Amount)[] amounts) =>
        amounts.Aggregate(ResourceAmounts.Empty, static (all, next) => all.With(next.Name, Quantity.Parse(next.Amount)));
}
