using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Layers.Archive.Comparison;

/// <summary>What the layers below show under a name.</summary>
/// <param name="Directory">The directory that holds it, of the layer that has it.</param>
/// <param name="Stat">What is known of it.</param>
/// <param name="Layers">For a directory: the layers, top first, that are merged to it.</param>
sealed record LowerFile(SafeFileHandle Directory, FileStat Stat, IReadOnlyList<LayerView> Layers);
