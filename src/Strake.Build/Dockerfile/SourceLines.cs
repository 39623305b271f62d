using System.Runtime.InteropServices;

namespace Strake.Build;

/// <summary>Which lines of a Dockerfile something stands in.</summary>
/// <param name="Start">The first line, from 1; 0 when it comes from no file.</param>
/// <param name="End">The last line, itself included.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SourceLines(int Start, int End);
