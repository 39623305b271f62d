namespace Strake.Build;

/// <summary>Receives what a program prints.</summary>
/// <param name="isError">Whether it printed it to its standard error.</param>
/// <param name="text">The bytes; valid until the task completes.</param>
/// <param name="cancellationToken">Cancelled when the program is given up.</param>
public delegate ValueTask ProcessOutput(bool isError, ReadOnlyMemory<byte> text, CancellationToken cancellationToken);
