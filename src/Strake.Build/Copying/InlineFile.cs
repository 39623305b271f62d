namespace Strake.Build;

/// <summary>A file that stands in a Dockerfile.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Content">Its bytes.</param>
sealed record InlineFile(string Name, ReadOnlyMemory<byte> Content);
