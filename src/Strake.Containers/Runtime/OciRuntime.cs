namespace Strake.Containers.Runtime;

/// <summary>The program that makes containers.</summary>
/// <param name="Name">Its name: <c>runc</c>, <c>crun</c>.</param>
/// <param name="Path">Its path.</param>
/// <param name="NeedsLegacyView">
/// Whether the version 2 hierarchy beside those of version 1 has to be out of its sight: crun refuses hybrid hosts, although
/// it needs nothing of that hierarchy there.
/// </param>
sealed record OciRuntime(string Name, string Path, bool NeedsLegacyView)
{
    /// <summary>Whether it is crun, whose exec fifo is written to; runc's is read from.</summary>
    public bool IsCrun => Name == "crun";
}
