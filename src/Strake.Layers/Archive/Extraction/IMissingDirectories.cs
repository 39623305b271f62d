using Strake.Layers.Archive.Paths;

namespace Strake.Layers.Archive.Extraction;

/// <summary>Decides what becomes of a directory that an entry's path needs and that is not there.</summary>
interface IMissingDirectories
{
    /// <summary>Takes away what has the name of a needed directory and is none.</summary>
    /// <returns>Whether that was a whiteout, so that the directory must hide all below.</returns>
    /// <exception cref="StrakeException">Invalid: it may not be taken away.</exception>
    bool ClearForDirectory(ParentDirectory parent, EntryPath path);

    /// <summary>A directory was made that has no entry so far.</summary>
    void MadeImplied(EntryPath path, ParentDirectory made, bool hidesLower);
}
