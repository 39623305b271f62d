namespace Strake.Build;

/// <summary>A directory of <c>RUN --mount=type=cache</c>.</summary>
/// <param name="Name">Its name on disk.</param>
/// <param name="Id">The id that Dockerfiles give it.</param>
/// <param name="SizeBytes">What is in it.</param>
/// <param name="Created">When it was made.</param>
/// <param name="LastUsed">When it was last used.</param>
/// <param name="IsInUse">Whether a program has it.</param>
sealed record CacheMountInfo(string Name, string Id, long SizeBytes, DateTimeOffset Created, DateTimeOffset LastUsed, bool IsInUse);
