using System.Runtime.InteropServices;

namespace Strake.Layers.Archive;

/// <summary>Who owns a file.</summary>
/// <param name="Uid">The user's number.</param>
/// <param name="Gid">The group's number.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FileOwner(uint Uid, uint Gid);
