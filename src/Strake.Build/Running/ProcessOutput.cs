namespace Strake.Build;

/// <summary>Receives what a program prints.</summary>
/// <param name="isError">Whether it printed it to its standard error.</param>
/// <param name="text">The bytes.</param>
public delegate void ProcessOutput(bool isError, ReadOnlySpan<byte> text);
