namespace Strake.Build;

/// <summary>One thing that was named, or met by a pattern.</summary>
/// <param name="Path">As it was named.</param>
/// <param name="Pivot">The directory from which on the directories above are kept, where they are.</param>
/// <param name="File">What it is, links followed.</param>
/// <param name="Below">All in it if it is a directory, sorted.</param>
sealed record SelectedTop(string Path, string Pivot, SourceFile File, IReadOnlyList<SelectedFile> Below);
