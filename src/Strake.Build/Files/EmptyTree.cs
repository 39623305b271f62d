using Strake.Images.Tar;
using Strake.Linux;

namespace Strake.Build;

/// <summary>The file system of <c>FROM scratch</c>.</summary>
sealed class EmptyTree : ISourceTree
{
    static readonly SourceFile s_root = new("", new TarEntry { Name = "."u8.ToArray(), Type = TarEntryType.Directory, Mode = Permissions.Octal0755 });

    /// <inheritdoc/>
    public SourceFile? Find(string path) => path.Length == 0 ? s_root : null;

    /// <inheritdoc/>
    public IReadOnlyList<SourceFile> List(string path) => [];

    /// <inheritdoc/>
    public Stream Open(SourceFile file) => throw new InvalidOperationException("An empty tree has no files.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
