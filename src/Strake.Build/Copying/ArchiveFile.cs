using Strake.Images;
using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>Tars among files that ADD takes.</summary>
static class ArchiveFile
{
    /// <summary>Whether a file is a tar, compressed or not: by its bytes, not by its name.</summary>
    public static bool IsArchive(ISourceTree tree, SourceFile file)
    {
        if (file.Entry.Type != TarEntryType.Regular || file.Entry.SizeBytes == 0) return false;
        return TryReadFirstAsync(tree, file).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Opens a tar's plain bytes.</summary>
    public static async ValueTask<Stream> OpenAsync(ISourceTree tree, SourceFile file, CancellationToken cancellationToken) =>
        (await LayerDecompressor.OpenAsync(tree.Open(file), ExpansionLimit.ForLayers, cancellationToken)).Plain;

    static async ValueTask<bool> TryReadFirstAsync(ISourceTree tree, SourceFile file)
    {
        try
        {
            await using var plain = await OpenAsync(tree, file, CancellationToken.None);
            using var reader = new TarReader(plain);
            return await reader.ReadEntryAsync(CancellationToken.None) is not null;
        }
        catch (StrakeException)
        {
            return false;
        }
    }
}
