using System.Net;

namespace Strake.Images.Tests.Registry;

/// <summary>The rules of Go's programs for proxies.</summary>
public sealed class RegistryProxyTests
{
    [Theory]
    [InlineData("", "https://registry.example/", true)]
    [InlineData("*", "https://registry.example/", false)]
    [InlineData("", "https://localhost/", false)]
    [InlineData("", "https://127.0.0.9:5000/", false)]
    [InlineData("", "https://[::1]:5000/", false)]
    [InlineData("example", "https://registry.example/", false)]
    [InlineData("registry.example", "https://registry.example/", false)]
    [InlineData("registry.example", "https://a.registry.example/", false)]
    [InlineData("registry.example", "https://myregistry.example/", true)]
    [InlineData(".registry.example", "https://registry.example/", true)]
    [InlineData("*.registry.example", "https://a.registry.example/", false)]
    [InlineData("REGISTRY.Example", "https://registry.example/", false)]
    [InlineData("registry.example:5000", "https://registry.example/", true)]
    [InlineData("registry.example:5000", "https://registry.example:5000/", false)]
    [InlineData("10.0.0.0/8, other.example", "https://10.1.2.3/", false)]
    [InlineData("10.0.0.0/8", "https://11.1.2.3/", true)]
    [InlineData("10.1.2.3", "https://10.1.2.3/", false)]
    [InlineData("[fd00::1]:443", "https://[fd00::1]/", false)]
    public void Hosts_are_reached_without_a_proxy_where_the_list_says_so(string none, string address, bool isProxied)
    {
        var proxy = new RegistryProxy("http://plain.example:1", "https.example:3128", none);
        Assert.Equal(isProxied ? new Uri("http://https.example:3128") : null, proxy.GetProxy(new Uri(address)));
        Assert.Equal(!isProxied, proxy.IsBypassed(new Uri(address)));
    }

    [Fact]
    public void The_environment_is_read_capitals_first()
    {
        var variables = new Dictionary<string, string> { ["http_proxy"] = "http://low:1", ["HTTP_PROXY"] = "http://high:1", ["https_proxy"] = "http://low:2", ["no_proxy"] = "a" };
        var proxy = RegistryProxy.FromEnvironment(variables.GetValueOrDefault);
        Assert.Equal(new Uri("http://high:1"), proxy.GetProxy(new Uri("http://b/")));
        Assert.Equal(new Uri("http://low:2"), proxy.GetProxy(new Uri("https://b/")));
        Assert.Null(proxy.GetProxy(new Uri("https://a/")));
        Assert.Null(RegistryProxy.FromEnvironment(static _ => null).GetProxy(new Uri("https://b/")));
    }

    [Fact]
    public void Only_the_proxy_itself_sees_the_password_in_its_address()
    {
        var proxy = new RegistryProxy("http://me:p%40w@proxy.example:1", null, null);
        var shown = proxy.GetCredential(new Uri("http://proxy.example:1"), "Basic");
        Assert.Equal(("me", "p@w"), (shown!.UserName, shown.Password));
        Assert.Null(proxy.GetCredential(new Uri("http://registry.example"), "Basic"));
        Assert.DoesNotContain("secret", Assert.Throws<StrakeException>(() => new RegistryProxy("ftp://me:secret@x", null, null)).Message, StringComparison.Ordinal);
    }
}
