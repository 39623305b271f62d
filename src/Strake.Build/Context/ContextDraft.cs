using Strake.Images.Tar;
using Strake.Linux;

namespace Strake.Build;

/// <summary>
/// A context that a client sends file by file. Files that are as they were the last time need not be sent again: their bytes are in the pack.
/// </summary>
/// <remarks>Files are added one at a time, each after the directory that it is in; bytes of several may come mixed, from one thread.</remarks>
public sealed class ContextDraft : IDisposable
{
    readonly ContextPack pack;
    readonly ContextTree? former;
    readonly ContextTree tree;
    readonly Action<ContextTree> keep;
    bool isComplete;

    internal ContextDraft(ContextPack pack, ContextTree? former, Action<ContextTree> keep)
    {
        (this.pack, this.former, this.keep) = (pack, former, keep);
        tree = new ContextTree(pack);
    }

    /// <summary>Adds a file.</summary>
    /// <param name="entry">What is known of it.</param>
    /// <returns>Where its bytes go; null: they are there, or it has none.</returns>
    /// <exception cref="StrakeException">Invalid: a hard link to nothing, or a file in what is no directory. Exhausted: no space.</exception>
    public ContextContent? Add(ContextEntry entry)
    {
        var path = BytePath.Of(entry.Path.Span);
        if (entry.Kind == FileKind.Regular && !entry.Target.IsEmpty)
        {
            var first = tree.Find(BytePath.Of(entry.Target.Span)) ?? throw StrakeException.Invalid($"build context: {BytePath.Show(path)} is a hard link to what is not in it");
            tree.Add(first with { Path = path });
            return null;
        }

        if (TypeOf(entry.Kind) is not { } type) return null;
        var known = DescribeAs(entry, type);
        if (type != TarEntryType.Regular)
        {
            tree.Add(new SourceFile(path, known));
            return null;
        }

        if (former?.Find(path) is { Digest: not null } before && IsSame(before.Entry, known))
        {
            tree.Add(before with { Entry = known });
            return null;
        }

        return new ContextContent(pack, pack.Reserve(entry.SizeBytes), entry.SizeBytes, (offset, digest) => tree.Add(new SourceFile(path, known, offset, digest)));
    }

    /// <summary>All files are there.</summary>
    /// <returns>The files; the caller disposes them.</returns>
    public ContextFiles Complete()
    {
        isComplete = true;
        keep(tree);
        return new ContextFiles(tree);
    }

    /// <summary>Gives up what was not completed.</summary>
    public void Dispose()
    {
        if (!isComplete) pack.Dispose();
    }

    static TarEntryType? TypeOf(FileKind kind) => kind switch
    {
        FileKind.Regular => TarEntryType.Regular,
        FileKind.Directory => TarEntryType.Directory,
        FileKind.SymbolicLink => TarEntryType.SymbolicLink,
        FileKind.CharacterDevice => TarEntryType.CharacterDevice,
        FileKind.BlockDevice => TarEntryType.BlockDevice,
        FileKind.Fifo => TarEntryType.Fifo,
        _ => null,
    };

    static TarEntry DescribeAs(ContextEntry entry, TarEntryType type) => new()
    {
        Name = entry.Path,
        Type = type,
        Mode = entry.Mode,
        SizeBytes = type == TarEntryType.Regular ? entry.SizeBytes : 0,
        LinkName = type == TarEntryType.SymbolicLink ? entry.Target : default,
        ModifiedTime = new TarTime(entry.ModifyTime.Seconds, (int)entry.ModifyTime.Nanoseconds),
        DeviceMajor = entry.Device.Major,
        DeviceMinor = entry.Device.Minor,
        Xattrs = [.. entry.Attributes.Select(static attribute => new TarXattr(attribute.Key, attribute.Value))],
    };

    static bool IsSame(TarEntry before, TarEntry now) =>
        before.Type == now.Type && before.SizeBytes == now.SizeBytes && before.ModifiedTime == now.ModifiedTime && before.Mode == now.Mode;
}
