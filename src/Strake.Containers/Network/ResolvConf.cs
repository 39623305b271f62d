using System.Net;
using System.Text;

namespace Strake.Containers.Networks;

/// <summary>Writes a container's <c>/etc/resolv.conf</c> (resolv.conf(5)).</summary>
public static class ResolvConf
{
    /// <summary>
    /// The file's text: what the user asked for, and otherwise what the host has, without name servers that are only
    /// reachable from the host itself.
    /// </summary>
    /// <param name="host">The text of the host's file.</param>
    /// <param name="ownNamespace">Whether the container has a network namespace of its own, in which loopback is not the host's.</param>
    /// <param name="servers">Name servers asked for.</param>
    /// <param name="search">Search domains asked for; a single <c>.</c> means none.</param>
    /// <param name="options">Resolver options asked for.</param>
    public static string Render(
        string host, bool ownNamespace, IReadOnlyList<string> servers, IReadOnlyList<string> search, IReadOnlyList<string> options)
    {
        var text = new StringBuilder();
        foreach (string server in servers.Count > 0 ? servers : Values(host, "nameserver").Where(server => !ownNamespace || !IsLoopback(server)))
            text.Append("nameserver ").Append(server).Append('\n');
        IReadOnlyList<string> domains = search.Count > 0 ? search : [.. Values(host, "search").TakeLast(1)];
        if (domains.Count > 0 && domains is not ["."])
            text.Append("search ").AppendJoin(' ', domains).Append('\n');
        IReadOnlyList<string> settings = options.Count > 0 ? options : [.. Values(host, "options")];
        if (settings.Count > 0)
            text.Append("options ").AppendJoin(' ', settings).Append('\n');
        return text.ToString();
    }

    static IEnumerable<string> Values(string text, string keyword)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith(keyword, StringComparison.Ordinal) && line.Length > keyword.Length && char.IsWhiteSpace(line[keyword.Length]))
                yield return line[keyword.Length..].Trim();
        }
    }

    static bool IsLoopback(string server) => IPAddress.TryParse(server, out IPAddress? address) && IPAddress.IsLoopback(address);
}
