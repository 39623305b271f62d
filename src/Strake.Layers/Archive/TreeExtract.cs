using Microsoft.Win32.SafeHandles;
using Strake.Images;
using Strake.Layers.Archive.Extraction;
using Strake.Layers.Archive.Pipeline;

namespace Strake.Layers.Archive;

/// <summary>Tars that users send into a tree that stands: <c>docker cp</c> into a container, a volume's content.</summary>
public static class TreeExtract
{
    /// <summary>
    /// Extracts a tar, plain or compressed, below a directory. Nothing is a whiteout; what exists is replaced, directories are merged. No
    /// name and no link in the tar or in the tree leads out of <paramref name="directory"/>.
    /// </summary>
    /// <param name="source">The tar; not closed. Read to its end.</param>
    /// <param name="directory">Where to; the caller has resolved it inside the container's root. Its own mode and owner are left as they are, unless the options say otherwise.</param>
    /// <param name="options">Owner and rules for replacing.</param>
    /// <param name="cancellationToken">Stops between two blocks; what was extracted stays.</param>
    /// <returns>What was left out and does no harm, a line each, for a log. At most 100.</returns>
    /// <exception cref="StrakeException">
    /// Invalid: not a tar, damaged, leading out, or a directory in the place of a file where that is not wanted; names the entry.
    /// TooLarge: over a limit. Exhausted: no space or inodes left; names the file system.
    /// </exception>
    public static async Task<IReadOnlyList<string>> ExtractAsync(
        Stream source, SafeFileHandle directory, TreeExtractOptions options, CancellationToken cancellationToken)
    {
        var notes = new ExtractionNotes();
        var rules = new ExtractionRules { Owner = options.Owner, ReplaceDirectories = options.ReplaceDirectories, SetsRoot = options.SetsRoot };
        using var extractor = new TarExtractor(directory, rules, options.TarLimits, record: null, notes);
        var (_, tar) = await LayerDecompressor.OpenAsync(source, options.Limit, cancellationToken);
        await using (tar) await TeePipeline.RunAsync(tar, [extractor.Take], cancellationToken);
        extractor.Finish();
        return notes.Lines;
    }
}
