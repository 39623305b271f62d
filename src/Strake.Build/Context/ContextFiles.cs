using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>The files of a context that has been received.</summary>
public sealed class ContextFiles : IDisposable
{
    readonly ContextTree tree;

    internal ContextFiles(ContextTree tree) => this.tree = tree;

    /// <summary>The files for steps.</summary>
    internal ISourceTree Tree => tree;

    /// <summary>The bytes of a small file; links on the way are followed.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="most">The most that it may have.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The bytes; null: there is no such file.</returns>
    /// <exception cref="StrakeException">TooLarge: it has more.</exception>
    public async Task<byte[]?> TryReadAsync(string path, int most, CancellationToken cancellationToken)
    {
        var found = tree.Find(SourceLinks.Resolve(tree, BytePath.Clean(BytePath.OfText(path))));
        if (found is not { Entry.Type: TarEntryType.Regular } file) return null;
        if (file.Entry.SizeBytes > most) throw StrakeException.TooLarge($"{path} is longer than {most} bytes");
        var bytes = new byte[file.Entry.SizeBytes];
        await using var stream = tree.Open(file);
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Hides a file from steps.</summary>
    internal void Hide(string path) => tree.Remove(BytePath.Clean(BytePath.OfText(path)));

    /// <inheritdoc/>
    public void Dispose() => tree.Dispose();
}
