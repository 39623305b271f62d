using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>A build context that comes as a tar, as clients without BuildKit send it: read once, forward, whatever it is compressed with.</summary>
static class TarContext
{
    /// <summary>More than the largest repositories have; names and attributes are kept in memory, some 500 bytes a file.</summary>
    internal const int MostFiles = 1_000_000;

    /// <summary>How much of the start <see cref="IsTar"/> wants to see; bytes.</summary>
    public const int StartLength = 512;

    /// <summary>Whether something is a tar, plain or compressed, by its first bytes.</summary>
    public static bool IsTar(ReadOnlySpan<byte> start) =>
        CompressionMagic.Recognise(start) != Compression.None || (start.Length == StartLength && start[257..].StartsWith("ustar"u8));

    /// <summary>Receives a context.</summary>
    /// <param name="tar">The tar, plain or compressed; read to its end, not closed.</param>
    /// <param name="directory">Where its bytes are kept until the tree is disposed.</param>
    /// <param name="cancellationToken">Cancels between two blocks; nothing is left then.</param>
    /// <exception cref="StrakeException">Invalid: no tar, or one whose names lead out of it. TooLarge: too many files. Exhausted: no space.</exception>
    public static async Task<ContextTree> ReceiveAsync(Stream tar, string directory, CancellationToken cancellationToken)
    {
        var pack = new ContextPack(directory);
        try
        {
            var tree = new ContextTree(pack);
            var (_, plain) = await LayerDecompressor.OpenAsync(tar, ExpansionLimit.ForLayers, cancellationToken);
            await using (plain)
            {
                using var reader = new TarReader(plain);
                using var packer = new ContextPacker(pack);
                while (await reader.ReadEntryAsync(cancellationToken) is { } entry)
                {
                    if (tree.Count > MostFiles) throw StrakeException.TooLarge($"the build context has more than {MostFiles} files");
                    if (await FileOf(entry, reader, packer, tree, cancellationToken) is { } file) tree.Add(file);
                }
            }

            return tree;
        }
        catch
        {
            pack.Dispose();
            throw;
        }
    }

    static async ValueTask<SourceFile?> FileOf(TarEntry entry, TarReader reader, ContextPacker packer, ContextTree tree, CancellationToken cancellationToken)
    {
        var path = PathOf(entry.Name.Span, entry);
        switch (entry.Type)
        {
            case TarEntryType.Regular:
                var offset = packer.Offset;
                var digest = await packer.PackAsync(reader.ReadContentAsync, cancellationToken);
                return new SourceFile(path, Plain(entry), offset, digest);
            case TarEntryType.HardLink:
                // The name that the link has is another file from here on; both keep their bytes in one place.
                var target = tree.Find(PathOf(entry.LinkName.Span, entry))
                    ?? throw StrakeException.Invalid($"build context: {entry.DisplayName} is a hard link to what is not in it");
                return target with { Path = path };
            case TarEntryType.Directory:
            case TarEntryType.SymbolicLink:
            case TarEntryType.Fifo:
            case TarEntryType.CharacterDevice:
            case TarEntryType.BlockDevice:
                return path.Length == 0 ? null : new SourceFile(path, Plain(entry));
            default:
                return null;
        }
    }

    static string PathOf(ReadOnlySpan<byte> name, TarEntry entry)
    {
        var path = BytePath.Of(name);
        if (path.Split('/').Contains("..")) throw StrakeException.Invalid($"build context: the name {entry.DisplayName} leads out of it");
        return BytePath.Clean(path);
    }

    // Who the files belong to where the client runs means nothing here.
    static TarEntry Plain(TarEntry entry) => entry with { Uid = 0, Gid = 0, UserName = default, GroupName = default, Extents = null };
}
