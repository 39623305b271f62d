namespace Strake.Build;

/// <summary>A pair of ENV or LABEL.</summary>
/// <param name="Key">The word before the equals sign; not empty.</param>
/// <param name="Value">The word after it; may be empty.</param>
public sealed record KeyValueWord(string Key, string Value);
