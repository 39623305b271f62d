using System.Net;
using System.Text;

namespace Strake.Containers.Networks;

/// <summary>
/// The rules that a bridge needs of the host: containers reach the outside under the host's address, and forwarding is
/// allowed where the host forbids it by default. Every rule bears the bridge's name, by which it is found and removed.
/// </summary>
sealed class HostFirewall(string bridge)
{
    // Rules of others may change while we delete ours, and iptables then gives up.
    const int Attempts = 3;

    static readonly (string Table, string Chain)[] s_chains = [("nat", "POSTROUTING"), ("filter", "FORWARD")];

    /// <summary>Sets the rules. Those that stand already are left alone; those of an address range that the bridge had before are removed.</summary>
    /// <exception cref="StrakeException">Unavailable: iptables is missing or refuses.</exception>
    public async Task AllowAsync(IPNetwork subnet, CancellationToken cancellationToken)
    {
        Rule[] wanted = [.. RulesOf(subnet)];
        List<Rule> standing = await FindAsync(cancellationToken);
        foreach (Rule old in standing.Where(rule => !wanted.Any(rule.Is))) await ChangeAsync("-D", old, cancellationToken);
        foreach (Rule rule in wanted.Where(rule => !standing.Any(rule.Is)))
        {
            ToolResult set = await ChangeAsync("-I", rule, cancellationToken);
            if (!set.Succeeded)
                throw StrakeException.Unavailable($"network bridge: this host cannot have one: iptables: {set.Errors}; use --network none or host");
        }
    }

    /// <summary>Removes all rules that bear the bridge's name; none is no error.</summary>
    /// <exception cref="StrakeException">Unavailable: iptables refuses, and they still stand.</exception>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        string why = "";
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            List<Rule> standing = await FindAsync(cancellationToken);
            if (standing.Count == 0)
                return;
            foreach (Rule rule in standing)
                if (await ChangeAsync("-D", rule, cancellationToken) is { Succeeded: false } refused) why = refused.Errors;
        }

        if ((await FindAsync(cancellationToken)).Count > 0)
            throw StrakeException.Unavailable($"network bridge: the rules of {bridge} cannot be removed: iptables: {why}; remove those with the comment {Mark} by hand");
    }

    string Mark => "strake:" + bridge;

    IEnumerable<Rule> RulesOf(IPNetwork subnet)
    {
        string[] comment = ["-m", "comment", "--comment", Mark];
        yield return new("nat", "POSTROUTING", ["-s", subnet.ToString(), "!", "-o", bridge, .. comment, "-j", "MASQUERADE"]);
        yield return new("filter", "FORWARD", ["-i", bridge, .. comment, "-j", "ACCEPT"]);
        yield return new("filter", "FORWARD", ["-o", bridge, .. comment, "-j", "ACCEPT"]);
    }

    // Rules as iptables -S prints them: -A, the chain, and what -D takes. Our comment has no space; other rules' may be cut wrong, which nobody sees.
    async Task<List<Rule>> FindAsync(CancellationToken cancellationToken)
    {
        List<Rule> found = [];
        foreach ((string table, string chain) in s_chains)
        {
            ToolResult list = await RunAsync(["-t", table, "-S", chain], cancellationToken);
            foreach (string line in Encoding.UTF8.GetString(list.Output.Span).Split('\n'))
            {
                string[] words = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static word => word.Trim('"'))];
                if (words is ["-A", _, .. var match] && match.Contains(Mark)) found.Add(new(table, chain, match));
            }
        }

        return found;
    }

    static Task<ToolResult> ChangeAsync(string how, Rule rule, CancellationToken cancellationToken) =>
        RunAsync(["-t", rule.Table, how, rule.Chain, .. rule.Match], cancellationToken);

    // -w: another program may hold the table's lock for a moment.
    static Task<ToolResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        HostTool.RunAsync("iptables", ["-w", "10", .. arguments], cancellationToken);

    sealed record Rule(string Table, string Chain, IReadOnlyList<string> Match)
    {
        public bool Is(Rule other) => Table == other.Table && Chain == other.Chain && Match.SequenceEqual(other.Match);
    }
}
