using System.Globalization;
using System.Text;

namespace Strake.Daemon.Composition;

/// <summary>
/// Tells daemons on one machine apart where they share something: interfaces and cgroups. At most 15 characters, as the kernel wants
/// of an interface (IFNAMSIZ).
/// </summary>
static class InstanceName
{
    const string Usual = "strake";
    const string UsualExecRoot = "/run/strake";

    /// <summary>The name of a daemon: the plain one for the usual exec root, else one made of the root's path.</summary>
    /// <param name="execRoot">The daemon's exec root.</param>
    public static string Of(string execRoot) => string.Equals(execRoot, UsualExecRoot, StringComparison.Ordinal)
        ? Usual
        : string.Create(CultureInfo.InvariantCulture, $"{Usual}-{Hash(execRoot):x8}");

    // FNV-1a. Not SHA-256, which brings OpenSSL into a process that may never need it: megabytes and milliseconds at every start.
    static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (byte value in Encoding.UTF8.GetBytes(text)) hash = unchecked((hash ^ value) * 16777619);
        return hash;
    }
}
