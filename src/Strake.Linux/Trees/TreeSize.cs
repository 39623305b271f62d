using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>What the files below a directory amount to, hard links counted once.</summary>
/// <param name="ContentBytes">The lengths of the regular files; bytes.</param>
/// <param name="AllocatedBytes">What all files take on disk, directories too; bytes. Blocks that several files share count for each.</param>
/// <param name="Inodes">The number of files of every kind, without the directory itself.</param>
public sealed record TreeSize(long ContentBytes, long AllocatedBytes, long Inodes)
{
    const StatFields Wanted = StatFields.Kind | StatFields.Size | StatFields.Blocks | StatFields.LinkCount | StatFields.Inode;

    /// <summary>
    /// Walks a tree by opened directories, at any depth, never following a link. Names that come and go meanwhile are counted or not.
    /// </summary>
    /// <param name="directory">The tree's root, opened for reading.</param>
    /// <param name="cancellationToken">Stops between two names.</param>
    /// <exception cref="LinuxException">The tree cannot be read; EXDEV where something is mounted in it.</exception>
    public static TreeSize Of(SafeFileHandle directory, CancellationToken cancellationToken = default)
    {
        using var walk = new Walk(directory, cancellationToken);
        return walk.Run();
    }

    sealed class Walk(SafeFileHandle top, CancellationToken cancellationToken) : IDisposable
    {
        readonly DirectoryChain chain = new(top);
        readonly Stack<Stack<byte[]>> levels = new();
        readonly HashSet<(DeviceNumber, ulong)> linked = [];
        long contentBytes;
        long allocatedBytes;
        long inodes;

        public TreeSize Run()
        {
            levels.Push(Read());
            while (levels.Count > 0)
            {
                if (!levels.Peek().TryPop(out var name)) Leave();
                else if (chain.TryPush(name)) levels.Push(Read());
            }

            return new(contentBytes, allocatedBytes, inodes);
        }

        public void Dispose() => chain.Dispose();

        void Leave()
        {
            levels.Pop();
            if (levels.Count > 0) chain.Pop();
        }

        // Counts the names of the current directory; returns those of directories.
        Stack<byte[]> Read()
        {
            var directories = new Stack<byte[]>();
            using var reader = new DirectoryReader(chain.Current);
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!Syscall.TryStatAt(chain.Current, reader.NameWithNul, out var stat, AtFlags.SymlinkNoFollow | AtFlags.NoAutomount, Wanted)) continue;
                Count(stat);
                if (stat.Kind == FileKind.Directory) directories.Push(reader.NameWithNul.ToArray());
            }

            return directories;
        }

        void Count(in FileStat stat)
        {
            if (stat.Kind != FileKind.Directory && stat.LinkCount > 1 && !linked.Add((stat.Device, stat.Inode))) return;
            inodes++;
            allocatedBytes += stat.AllocatedBytes;
            if (stat.Kind == FileKind.Regular) contentBytes += stat.SizeBytes;
        }
    }
}
