using System.Runtime.InteropServices;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Decisions.Expansion;

/// <summary>What a driver made of a volume that was to grow.</summary>
/// <param name="Size">How large it is now.</param>
/// <param name="NodeFollows">Whether the node has to grow the file system.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GrownVolume(Quantity Size, bool NodeFollows);
