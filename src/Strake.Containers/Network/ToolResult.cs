namespace Strake.Containers.Networks;

/// <summary>How a program of the host ended.</summary>
/// <param name="Succeeded">Whether it exited with 0.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error, else how it ended; trimmed.</param>
sealed record ToolResult(bool Succeeded, ReadOnlyMemory<byte> Output, string Errors);
