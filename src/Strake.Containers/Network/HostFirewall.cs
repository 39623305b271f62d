using System.Net;

namespace Strake.Containers.Networks;

/// <summary>
/// The rules that a bridge needs of the host: containers reach the outside under the host's address, and forwarding is
/// allowed where the host forbids it by default. Every rule bears the bridge's name, by which it is found and removed.
/// </summary>
sealed class HostFirewall(string bridge)
{
    IPNetwork? allowed;

    /// <summary>Sets the rules; those that stand already are left alone.</summary>
    /// <exception cref="StrakeException">Unavailable: iptables is missing or refuses.</exception>
    public async Task AllowAsync(IPNetwork subnet, CancellationToken cancellationToken)
    {
        foreach (Rule rule in RulesOf(subnet))
        {
            if ((await RunAsync(["-t", rule.Table, "-C", rule.Chain, .. rule.Match], cancellationToken)).Succeeded)
                continue;
            ToolResult set = await RunAsync(["-t", rule.Table, "-I", rule.Chain, .. rule.Match], cancellationToken);
            if (!set.Succeeded)
                throw StrakeException.Unavailable($"network bridge: this host cannot have one: iptables: {set.Errors}; use --network none or host");
        }

        allowed = subnet;
    }

    /// <summary>Removes the rules that <see cref="AllowAsync"/> set; those that are gone already are no error.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (allowed is not { } subnet)
            return;
        foreach (Rule rule in RulesOf(subnet))
            await RunAsync(["-t", rule.Table, "-D", rule.Chain, .. rule.Match], cancellationToken);
        allowed = null;
    }

    IEnumerable<Rule> RulesOf(IPNetwork subnet)
    {
        string[] comment = ["-m", "comment", "--comment", "strake:" + bridge];
        yield return new("nat", "POSTROUTING", ["-s", subnet.ToString(), "!", "-o", bridge, .. comment, "-j", "MASQUERADE"]);
        yield return new("filter", "FORWARD", ["-i", bridge, .. comment, "-j", "ACCEPT"]);
        yield return new("filter", "FORWARD", ["-o", bridge, .. comment, "-j", "ACCEPT"]);
    }

    // -w: another program may hold the table's lock for a moment.
    static Task<ToolResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        HostTool.RunAsync("iptables", ["-w", "10", .. arguments], cancellationToken);

    sealed record Rule(string Table, string Chain, IReadOnlyList<string> Match);
}
