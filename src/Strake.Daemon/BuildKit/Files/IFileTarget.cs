namespace Strake.Daemon.BuildKit.Files;

/// <summary>
/// Where files go that a client sends. It hears of them in the order of a walk: names in a directory in the order of their bytes, what is in
/// a directory right after it. Entries have been checked: no name leads out, nothing comes twice, every directory comes before what is in it.
/// </summary>
/// <remarks>
/// Calls come from one thread at a time; they may make system calls that return at once, and hold the sender back while they last. The bytes
/// of files come later than their entries, several files mixed, until each has been completed; then comes <see cref="Complete"/>. Where the
/// transfer fails it does not come, and whoever made the target disposes it.
/// <para>A walk, and what is called:</para>
/// <code>
/// a/        Begin(a)
/// a/x       Add(a/x) → content, or null where the bytes are there from last time
///           End()
/// a.txt     Add(a.txt)
/// </code>
/// </remarks>
interface IFileTarget
{
    /// <summary>A directory; what follows lies in it until <see cref="End"/>.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="StrakeException">It cannot be kept.</exception>
    void Begin(FileEntry directory);

    /// <summary>Nothing more lies in the directory that was begun last and not ended.</summary>
    /// <exception cref="StrakeException">It cannot be finished.</exception>
    void End();

    /// <summary>A file that is no directory.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Where its bytes go; null where they are not wanted, as for all but regular files that are not hard links.</returns>
    /// <exception cref="StrakeException">It cannot be kept.</exception>
    IFileContent? Add(FileEntry file);

    /// <summary>All files are there, and no more come.</summary>
    /// <exception cref="StrakeException">Something cannot be finished.</exception>
    void Complete();
}
