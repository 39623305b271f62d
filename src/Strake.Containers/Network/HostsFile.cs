using System.Text;

namespace Strake.Containers.Networks;

/// <summary>Writes a container's <c>/etc/hosts</c> (hosts(5)).</summary>
public static class HostsFile
{
    /// <summary>The file's text.</summary>
    /// <param name="hostname">The container's host name.</param>
    /// <param name="domainname">Its domain; empty: none.</param>
    /// <param name="address">Its address; empty: none, then its name is not in the file.</param>
    /// <param name="extra">Further lines as <c>name:address</c>, an address may be bracketed or be <c>host-gateway</c>.</param>
    /// <param name="gateway">What <c>host-gateway</c> means; empty: such lines are refused.</param>
    /// <exception cref="StrakeException">Invalid: a line of <paramref name="extra"/>.</exception>
    public static string Render(string hostname, string domainname, string address, IReadOnlyList<string> extra, string gateway)
    {
        var text = new StringBuilder();
        text.Append("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\n");
        text.Append("ff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n");
        foreach (string line in extra)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || colon == line.Length - 1 || line.AsSpan().ContainsAny(" \t\n\r"))
                throw StrakeException.Invalid($"bad format for add-host: \"{line}\"");
            string target = line[(colon + 1)..].Trim('[', ']');
            if (target == "host-gateway")
                target = gateway.Length > 0 ? gateway : throw StrakeException.Invalid($"unable to derive the IP value for host-gateway of \"{line}\": the container's network has none");
            text.Append(target).Append('\t').Append(line.AsSpan(0, colon)).Append('\n');
        }

        if (address.Length > 0)
        {
            text.Append(address).Append('\t');
            if (domainname.Length > 0)
                text.Append(hostname).Append('.').Append(domainname).Append(' ');
            text.Append(hostname).Append('\n');
        }

        return text.ToString();
    }
}
