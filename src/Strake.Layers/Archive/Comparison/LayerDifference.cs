using System.Runtime.InteropServices;
using Strake.Layers.Archive.Paths;

namespace Strake.Layers.Archive.Comparison;

/// <summary>One path that a layer changes.</summary>
/// <param name="Path">Relative to the root; the root's own is empty.</param>
/// <param name="Kind">What became of it.</param>
/// <param name="HidesContent">A directory that stands anew in the place of an old one: nothing of the old one is to be seen.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct LayerDifference(EntryPath Path, LayerChangeKind Kind, bool HidesContent);
