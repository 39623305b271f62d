using System.Runtime.InteropServices;

namespace Strake.Layers.Archive;

/// <summary>One line of <c>docker diff</c>.</summary>
/// <param name="Path">Absolute within the layer: begins with a slash.</param>
/// <param name="Kind">What became of it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LayerChange(ReadOnlyMemory<byte> Path, LayerChangeKind Kind);
