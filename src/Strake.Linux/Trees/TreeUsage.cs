using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>What a directory tree holds. By opened directories, never following a link, never crossing a mount, at any depth.</summary>
/// <param name="ContentBytes">Sum of the lengths of its regular files, hard links counted once.</param>
/// <param name="AllocatedBytes">What the file system has allocated for all of it; holes cost nothing, shared extents count in full.</param>
/// <param name="Inodes">Its files of every kind, the top directory included, hard links counted once.</param>
public sealed record TreeUsage(long ContentBytes, long AllocatedBytes, long Inodes)
{
    /// <summary>Measures a tree by walking it.</summary>
    /// <param name="path">Its top directory; links above it are followed.</param>
    /// <param name="cancellationToken">Stops between two names.</param>
    /// <param name="isIgnored">Tells by their names which files do not count; null: all do.</param>
    /// <exception cref="LinuxException">Something cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TreeUsage Measure(string path, CancellationToken cancellationToken = default, Func<ReadOnlySpan<byte>, bool>? isIgnored = null)
    {
        using var top = Syscall.Open(path, OpenFlags.Directory);
        return new Walk(isIgnored, cancellationToken).Run(top);
    }

    sealed class Walk(Func<ReadOnlySpan<byte>, bool>? isIgnored, CancellationToken cancellationToken)
    {
        const StatFields Wanted = StatFields.Kind | StatFields.LinkCount | StatFields.Inode | StatFields.Size | StatFields.Blocks;

        readonly HashSet<(DeviceNumber Device, ulong Inode)> linked = [];
        long content;
        long allocated;
        long inodes;

        public TreeUsage Run(SafeFileHandle top)
        {
            using var chain = new DirectoryChain(top);
            var levels = new Stack<Stack<byte[]>>();
            Count(Syscall.Stat(top, Wanted));
            levels.Push(Sweep(top));
            while (levels.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (levels.Peek().TryPop(out var next))
                {
                    // What was a directory in the sweep and is none by now is somebody else's doing: not there any more.
                    if (chain.TryPush(next))
                        levels.Push(Sweep(chain.Current));
                }
                else if (levels.Pop() is not null && levels.Count > 0)
                {
                    chain.Pop();
                }
            }

            return new(content, allocated, inodes);
        }

        // Counts all in a directory, and returns the directories in it that are not another file system's.
        Stack<byte[]> Sweep(SafeFileHandle directory)
        {
            var directories = new Stack<byte[]>();
            using var reader = new DirectoryReader(directory);
            while (reader.Read())
            {
                if (isIgnored?.Invoke(reader.Name) == true || !Syscall.TryStatAt(directory, reader.NameWithNul, out var stat, AtFlags.SymlinkNoFollow, Wanted) || stat.IsMountRoot)
                    continue;
                Count(stat);
                if (stat.Kind is FileKind.Directory)
                    directories.Push(reader.NameWithNul.ToArray());
            }

            return directories;
        }

        void Count(in FileStat stat)
        {
            if (stat.Kind is not FileKind.Directory && stat.LinkCount > 1 && !linked.Add((stat.Device, stat.Inode)))
                return;
            inodes++;
            allocated += stat.AllocatedBytes;
            if (stat.Kind is FileKind.Regular)
                content += stat.SizeBytes;
        }
    }
}
