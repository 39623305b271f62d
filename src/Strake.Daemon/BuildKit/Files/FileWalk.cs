using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>
/// Checks that entries come as a walk of a tree and lead nowhere else, and tells a target of them. Nothing that passes here can name anything
/// but what lies in a directory that came before it.
/// </summary>
/// <param name="target">Hears of entries.</param>
/// <param name="limits">What may not be exceeded.</param>
sealed class FileWalk(IFileTarget target, FileLimits limits)
{
    // NAME_MAX and PATH_MAX (linux/limits.h), the second without its NUL.
    const int MaxNameBytes = 255;
    const int MaxPathBytes = 4095;
    const int MaxAttributeBytes = 64 * 1024;

    readonly Stack<Level> open = new([new Level([])]);
    readonly HashSet<byte[]> linkable = new(ByteOrder.Comparer);
    long metadataBytes;

    /// <summary>How many entries have come.</summary>
    public int Count { get; private set; }

    /// <summary>Tells the target of the next entry.</summary>
    /// <returns>Where its bytes go; null where they are not wanted.</returns>
    /// <exception cref="StrakeException">Invalid: it is not what can come next in a walk. TooLarge: a limit.</exception>
    public IFileContent? Next(FileEntry entry)
    {
        CheckLimits(entry);
        CheckName(entry);
        while (!entry.Parent.SequenceEqual(open.Peek().Path))
        {
            if (open.Count == 1) throw Invalid(entry, "comes before its directory, or after another that follows it");
            open.Pop();
            target.End();
        }

        Level directory = open.Peek();
        if (directory.Last is { } last && entry.Name.SequenceCompareTo(last) <= 0) throw Invalid(entry, "comes out of order");
        directory.Last = entry.Name.ToArray();
        return Tell(entry);
    }

    /// <summary>There are no more entries.</summary>
    public void End()
    {
        for (; open.Count > 1; open.Pop()) target.End();
    }

    IFileContent? Tell(FileEntry entry)
    {
        switch (entry.Kind)
        {
            case FileKind.Directory:
                if (open.Count > limits.MaxDepth) throw Invalid(entry, $"lies deeper than {limits.MaxDepth} directories");
                open.Push(new Level(entry.Path));
                target.Begin(entry);
                return null;
            case FileKind.SymbolicLink when entry.Target.Length is 0 or > MaxPathBytes || entry.Target.Contains((byte)0):
                throw Invalid(entry, "is a symbolic link to nowhere that a link can name");
            case FileKind.Regular when entry.IsHardLink && !linkable.Contains(entry.Target):
                throw Invalid(entry, "is another name of a file that has not come");
            case FileKind.Regular when !entry.IsHardLink:
                linkable.Add(entry.Path);
                return target.Add(entry);
            default:
                // Links, devices, fifos. A hard link may be to any of them but a symbolic link.
                if (entry.Kind is not (FileKind.SymbolicLink or FileKind.Regular)) linkable.Add(entry.Path);
                return target.Add(entry);
        }
    }

    void CheckLimits(FileEntry entry)
    {
        if (++Count > limits.MaxEntries) throw StrakeException.TooLarge($"the client sends more than {limits.MaxEntries} files");
        metadataBytes += entry.Path.Length + entry.Target.Length;
        foreach ((byte[] name, byte[] value) in entry.Attributes)
        {
            if (name.Length is 0 or > MaxNameBytes || name.Contains((byte)0) || value.Length > MaxAttributeBytes) throw Invalid(entry, "has an extended attribute that no file can have");
            metadataBytes += name.Length + value.Length;
        }

        if (metadataBytes > limits.MaxMetadataBytes) throw StrakeException.TooLarge($"the names of the client's files take more than {limits.MaxMetadataBytes} bytes");
        if (entry.SizeBytes < 0 || entry.SizeBytes > limits.MaxFileBytes) throw StrakeException.TooLarge($"{entry.DisplayPath} has {entry.SizeBytes} bytes; a file may have {limits.MaxFileBytes}");
    }

    static void CheckName(FileEntry entry)
    {
        ReadOnlySpan<byte> path = entry.Path;
        if (path.IsEmpty || path.Length > MaxPathBytes || path.Contains((byte)0)) throw Invalid(entry, "is no path");
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[range];
            if (name is [] or [(byte)'.'] or [(byte)'.', (byte)'.']) throw Invalid(entry, "leads out of the directory that is sent, or around in it");
            if (name.Length > MaxNameBytes) throw Invalid(entry, $"has a name of more than {MaxNameBytes} bytes");
        }
    }

    static StrakeException Invalid(FileEntry entry, string why) => StrakeException.Invalid($"the client's files: {entry.DisplayPath} {why}");

    sealed class Level(byte[] path)
    {
        public byte[] Path { get; } = path;

        public byte[]? Last { get; set; }
    }
}
