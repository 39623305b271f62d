using Strake.Containers.Networks;

namespace Strake.Containers.Tests.Network;

public sealed class ResolverFileTests
{
    const string Host = "# made by hand\nnameserver 127.0.0.53\nnameserver 10.0.0.1\nsearch old.example\nsearch corp.example lab.example\noptions edns0 trust-ad\n";

    [Fact]
    public void Name_servers_that_only_the_host_reaches_are_left_out() => Assert.Equal(
        "nameserver 10.0.0.1\nsearch corp.example lab.example\noptions edns0 trust-ad\n",
        ResolvConf.Render(Host, ownNamespace: true, [], [], []));

    [Fact]
    public void In_the_hosts_namespace_its_loopback_is_reachable() => Assert.StartsWith(
        "nameserver 127.0.0.53\nnameserver 10.0.0.1\n", ResolvConf.Render(Host, ownNamespace: false, [], [], []), StringComparison.Ordinal);

    [Fact]
    public void What_was_asked_for_takes_the_place_of_the_hosts() => Assert.Equal(
        "nameserver 9.9.9.9\noptions ndots:2\n", ResolvConf.Render(Host, ownNamespace: true, ["9.9.9.9"], ["."], ["ndots:2"]));

    [Fact]
    public void The_hosts_file_names_the_container_and_the_extra_hosts()
    {
        string text = HostsFile.Render("web", "example.org", "172.17.0.2", ["db:10.0.0.5", "v6:[fd00::1]", "gw:host-gateway"], "172.17.0.1");

        Assert.StartsWith("127.0.0.1\tlocalhost\n", text, StringComparison.Ordinal);
        Assert.EndsWith("10.0.0.5\tdb\nfd00::1\tv6\n172.17.0.1\tgw\n172.17.0.2\tweb.example.org web\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db")]
    [InlineData(":10.0.0.1")]
    [InlineData("db:")]
    [InlineData("db:10.0.0.1\n10.6.6.6 bank.example")]
    public void An_extra_host_that_is_none_is_refused(string line) => Assert.Equal(
        ErrorKind.Invalid, Assert.Throws<StrakeException>(() => HostsFile.Render("web", "", "", [line], "")).Kind);
}
