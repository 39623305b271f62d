using Strake.Linux;

namespace Strake.Containers;

/// <summary>One hierarchy.</summary>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="Controllers">Its controllers, among other mount options.</param>
sealed record CgroupRoot(string MountPoint, IReadOnlyList<string> Controllers);
