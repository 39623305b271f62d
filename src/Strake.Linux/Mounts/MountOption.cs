using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>One option of a mount.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its text, as fsconfig takes it; null for a flag.</param>
/// <param name="Directory">The directory that the text means; null where it means none.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct MountOption(string Key, string? Value, string? Directory = null);
