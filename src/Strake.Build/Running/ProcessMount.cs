namespace Strake.Build;

/// <summary>Something that a program of RUN sees at a place.</summary>
/// <param name="Source">The directory or file on the host; null: a file system in memory.</param>
/// <param name="Target">The absolute path in its file system.</param>
/// <param name="IsReadOnly">Whether it can only read it.</param>
/// <param name="SizeBytes">The most that a file system in memory may hold; 0: no bound of its own.</param>
public sealed record ProcessMount(string? Source, string Target, bool IsReadOnly, long SizeBytes = 0);
