using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>One option; the value is null for a flag.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct MountOption(string Key, string? Value, bool IsDirectory);
