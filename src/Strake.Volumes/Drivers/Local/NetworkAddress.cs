using System.Net;
using System.Net.Sockets;

namespace Strake.Volumes;

/// <summary>
/// Names of servers in mounts of shares: the kernel takes addresses alone. <c>addr=</c> of nfs, and the host in a device of cifs, are looked up
/// each time when the volume is mounted, so that a server may move.
/// </summary>
static class NetworkAddress
{
    const string Option = "addr=";

    /// <summary>A mount with addresses in place of names.</summary>
    /// <exception cref="StrakeException">Unavailable: a name has no address; in Docker's words.</exception>
    public static async Task<DeviceMount> ResolveAsync(DeviceMount mount) => mount.Type switch
    {
        "nfs" or "nfs4" => mount with { Options = await InOptionsAsync(mount.Options) },
        "cifs" or "smb3" => await InDeviceAsync(mount with { Options = await InOptionsAsync(mount.Options) }),
        _ => mount,
    };

    static async Task<string> InOptionsAsync(string options)
    {
        string[] words = options.Split(',');
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i].StartsWith(Option, StringComparison.Ordinal))
                words[i] = Option + await LookUpAsync(words[i][Option.Length..]);
        }

        return string.Join(',', words);
    }

    // "//server/share".
    static async Task<DeviceMount> InDeviceAsync(DeviceMount mount)
    {
        if (!mount.Device.StartsWith("//", StringComparison.Ordinal))
            return mount;
        int end = mount.Device.IndexOf('/', 2);
        string host = end < 0 ? mount.Device[2..] : mount.Device[2..end];
        return host.Length == 0 ? mount : mount with { Device = $"//{await LookUpAsync(host)}{(end < 0 ? "" : mount.Device[end..])}" };
    }

    static async Task<string> LookUpAsync(string name)
    {
        if (IPAddress.TryParse(name, out _))
            return name;
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(name);
            // As Docker prefers it: servers that have both listen to the older one more often.
            return (found.FirstOrDefault(static address => address.AddressFamily == AddressFamily.InterNetwork) ?? found[0]).ToString();
        }
        catch (SocketException e)
        {
            throw StrakeException.Unavailable($"error resolving passed in network volume address: lookup {name}: no such host", e);
        }
    }
}
