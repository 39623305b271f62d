using System.Text;
using Strake.Linux;

namespace Strake.Daemon.VolumePlugin;

/// <summary>How other engines learn of the endpoint that serves the volumes.</summary>
static class VolumeEndpoint
{
    /// <summary>Writes <c>strake.spec</c>, by which Docker finds the endpoint under the name <c>strake</c>.</summary>
    /// <param name="folder">A folder in which Docker looks; made if missing.</param>
    /// <param name="socket">The endpoint.</param>
    public static void Announce(string folder, string socket)
    {
        Directory.CreateDirectory(folder, Permissions.Octal0755);
        DurableFile.Write(Path.Combine(folder, "strake.spec"), Encoding.UTF8.GetBytes($"unix://{socket}\n"), Permissions.Octal0644);
    }
}
