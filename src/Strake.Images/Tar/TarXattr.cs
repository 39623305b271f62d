using System.Runtime.InteropServices;

namespace Strake.Images.Tar;

/// <summary>An extended attribute of a file (<c>xattr(7)</c>).</summary>
/// <param name="Name">With its namespace, such as <c>security.capability</c>; without a NUL.</param>
/// <param name="Value">Any bytes.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TarXattr(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value);
