namespace Strake.Daemon.BuildKit.Files;

/// <summary>Files that are sent to a client.</summary>
interface IFileSource
{
    /// <summary>
    /// All files below the root, in the order of a walk: names in a directory in the order of their bytes, what is in a directory right after
    /// it; a hard link after the file that it is another name of.
    /// </summary>
    IEnumerable<FileEntry> Walk();

    /// <summary>Opens a regular file that was walked over; the caller disposes the stream.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="StrakeException">It cannot be read.</exception>
    Stream Open(FileEntry file);
}
