namespace Strake.Build;

/// <summary>One thing that was named, or met by a pattern.</summary>
/// <param name="Tree">Where it is.</param>
/// <param name="Path">As it was named.</param>
/// <param name="Pivot">The directory from which on the directories above are kept, where they are.</param>
/// <param name="File">What it is, links followed.</param>
/// <param name="Below">All in it if it is a directory, sorted.</param>
/// <param name="Unpacks">Whether it is unpacked if it is a tar.</param>
sealed record SelectedTop(ISourceTree Tree, string Path, string Pivot, SourceFile File, IReadOnlyList<SelectedFile> Below, bool Unpacks = false);
