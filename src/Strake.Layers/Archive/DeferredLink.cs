namespace Strake.Layers.Archive;

/// <summary>A hard link to a file that must be in a layer below.</summary>
/// <param name="Path">The new name, relative to the layer's root.</param>
/// <param name="Target">The file's name, relative to the root of the layers stacked.</param>
public sealed record DeferredLink(ReadOnlyMemory<byte> Path, ReadOnlyMemory<byte> Target);
