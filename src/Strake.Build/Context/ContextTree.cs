using Strake.Images.Tar;
using Strake.Linux;

namespace Strake.Build;

/// <summary>A build context that has been received: what files there are, in memory, and their bytes in a pack.</summary>
/// <param name="pack">The bytes; disposed with this.</param>
sealed class ContextTree(ContextPack pack) : ISourceTree
{
    readonly Dictionary<string, SourceFile> files = new(StringComparer.Ordinal) { [""] = Directory("") };
    Dictionary<string, List<SourceFile>>? children;

    /// <summary>Where the bytes are.</summary>
    public ContextPack Pack => pack;

    /// <summary>How many bytes the files have.</summary>
    public long ContentBytes => files.Values.Sum(static file => file.Entry.SizeBytes);

    /// <summary>The same files for one more who disposes them.</summary>
    public ContextTree Share()
    {
        pack.Share();
        return this;
    }

    /// <summary>How many files there are, the root included.</summary>
    public int Count => files.Count;

    /// <summary>Adds a file in the place of one of the same name, and the directories above it that are missing. Before anybody reads.</summary>
    /// <exception cref="StrakeException">Invalid: something above it is no directory.</exception>
    public void Add(SourceFile file)
    {
        foreach (var above in BytePath.Above(file.Path))
        {
            if (!files.TryGetValue(above, out var there)) files[above] = Directory(above);
            else if (!there.IsDirectory) throw StrakeException.Invalid($"build context: {BytePath.Show(file.Path)} is in {BytePath.Show(above)}, which is no directory");
        }

        files[file.Path] = file;
    }

    /// <summary>Takes a file out. Before anybody reads.</summary>
    public void Remove(string path) => files.Remove(path);

    /// <inheritdoc/>
    public SourceFile? Find(string path) => files.GetValueOrDefault(path);

    /// <inheritdoc/>
    public IReadOnlyList<SourceFile> List(string path) => Children().TryGetValue(path, out var list) ? list : [];

    /// <inheritdoc/>
    public Stream Open(SourceFile file) => new PackStream(pack, file.Content, file.Entry.SizeBytes);

    /// <inheritdoc/>
    public void Dispose() => pack.Dispose();

    Dictionary<string, List<SourceFile>> Children()
    {
        if (Volatile.Read(ref children) is { } known) return known;
        var made = new Dictionary<string, List<SourceFile>>(StringComparer.Ordinal);
        foreach (var file in files.Values.Where(static f => f.Path.Length > 0).OrderBy(static f => f.Path, StringComparer.Ordinal))
        {
            var parent = BytePath.Parent(file.Path);
            if (!made.TryGetValue(parent, out var list)) made[parent] = list = [];
            list.Add(file);
        }

        Volatile.Write(ref children, made);
        return made;
    }

    static SourceFile Directory(string path) =>
        new(path, new TarEntry { Name = BytePath.Bytes(path.Length == 0 ? "." : path), Type = TarEntryType.Directory, Mode = Permissions.Octal0755 });
}
