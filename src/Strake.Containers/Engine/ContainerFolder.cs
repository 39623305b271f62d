using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Where a container's own files lie under the data root.</summary>
/// <remarks>
/// <code>
/// &lt;data root&gt;/containers/&lt;id&gt;/   mode 0700
///   hostname, hosts, resolv.conf         what the container sees under /etc; written anew at each start
///   log                                  its output, in conmon's format
/// </code>
/// </remarks>
sealed class ContainerFolder(string dataRoot)
{
    /// <summary>All folders.</summary>
    public string Root { get; } = $"{dataRoot}/containers";

    /// <summary>A container's folder.</summary>
    public string Of(string id) => $"{Root}/{id}";

    /// <summary>Its log.</summary>
    public string Log(string id) => $"{Of(id)}/log";

    /// <summary>What it sees as /etc/hostname.</summary>
    public string Hostname(string id) => $"{Of(id)}/hostname";

    /// <summary>What it sees as /etc/hosts.</summary>
    public string Hosts(string id) => $"{Of(id)}/hosts";

    /// <summary>What it sees as /etc/resolv.conf.</summary>
    public string ResolvConf(string id) => $"{Of(id)}/resolv.conf";

    /// <summary>Makes a container's folder, for root only.</summary>
    public void Make(string id) => Directory.CreateDirectory(Of(id), Permissions.Octal0700);

    /// <summary>Removes a container's folder; one that is gone is fine.</summary>
    public void Remove(string id) => TreeRemoval.Remove(Of(id));

    /// <summary>The ids of all folders.</summary>
    public IEnumerable<string> List() => Directory.EnumerateDirectories(Root).Select(static path => Path.GetFileName(path));
}
