namespace Strake.Build;

/// <summary>A file in a directory that is copied.</summary>
/// <param name="Relative">Its path below that directory.</param>
/// <param name="File">What it is.</param>
sealed record SelectedFile(string Relative, SourceFile File);
