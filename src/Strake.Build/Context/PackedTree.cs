using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>A tree of files that lie somewhere, taken into a pack, so that they are needed there no longer.</summary>
static class PackedTree
{
    /// <summary>Takes a directory with all in it.</summary>
    /// <param name="tree">Where it is.</param>
    /// <param name="top">The directory; becomes the root.</param>
    /// <param name="choose">What each file is to be; null: it is left out, a directory with all in it.</param>
    /// <param name="packs">The directory of packs.</param>
    /// <param name="cancellationToken">Stops between two blocks; nothing is left then.</param>
    /// <exception cref="StrakeException">TooLarge: too many files. Exhausted: no space.</exception>
    public static async Task<ContextTree> OfAsync(ISourceTree tree, string top, Func<SourceFile, SourceFile?> choose, string packs, CancellationToken cancellationToken)
    {
        var pack = new ContextPack(packs);
        var target = new ContextTree(pack);
        try
        {
            using var packer = new ContextPacker(pack);
            var pending = new Stack<string>([top]);
            while (pending.TryPop(out var directory))
            {
                foreach (var file in tree.List(directory))
                {
                    if (choose(file) is not { } chosen) continue;
                    if (target.Count > TarContext.MostFiles) throw StrakeException.TooLarge($"there are more than {TarContext.MostFiles} files");
                    target.Add(await PackAsync(tree, chosen with { Path = top.Length == 0 ? file.Path : file.Path[(top.Length + 1)..] }, file, packer, cancellationToken));
                    if (file.IsDirectory) pending.Push(file.Path);
                }
            }

            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    static async ValueTask<SourceFile> PackAsync(ISourceTree tree, SourceFile file, SourceFile source, ContextPacker packer, CancellationToken cancellationToken)
    {
        if (file.Entry.Type != TarEntryType.Regular) return file;
        var offset = packer.Offset;
        await using var content = tree.Open(source);
        var digest = await packer.PackAsync(content.ReadAsync, cancellationToken);
        return file with { Content = offset, Digest = digest, Entry = file.Entry with { SizeBytes = packer.Offset - offset } };
    }
}
