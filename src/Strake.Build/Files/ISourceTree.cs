namespace Strake.Build;

/// <summary>Files that steps copy from: a build context, or the file system of a stage or an image.</summary>
/// <remarks>Paths are those of <see cref="BytePath"/>. Nothing changes while somebody reads. Thread-safe.</remarks>
interface ISourceTree : IDisposable
{
    /// <summary>A file; a link is itself. Links in the directories above it are not followed: see <see cref="SourceLinks"/>.</summary>
    /// <param name="path">A clean path; empty is the root.</param>
    /// <returns>The file; null where there is none.</returns>
    SourceFile? Find(string path);

    /// <summary>What is in a directory, in the order of names.</summary>
    /// <param name="path">The directory.</param>
    IReadOnlyList<SourceFile> List(string path);

    /// <summary>Opens a regular file's bytes; as many as its entry says.</summary>
    /// <param name="file">A file of this tree.</param>
    Stream Open(SourceFile file);
}
