using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>Changes of files and directories, told by the kernel (<c>inotify(7)</c>). One reader at a time.</summary>
public sealed class Inotify : IDisposable
{
    // struct inotify_event: wd 0, mask 4, cookie 8, len 12, name 16, padded with NULs
    const int HeaderSize = 16;

    readonly SafeFileHandle inotify = Syscall.InotifyInit();
    readonly byte[] buffer = new byte[16 * 1024];

    /// <summary>Watches a file or the names in a directory; for a path that is watched already, sets what for.</summary>
    /// <returns>The watch, as in <see cref="InotifyEvent.Watch"/>.</returns>
    /// <exception cref="LinuxException">The path cannot be watched; ENOSPC where the user has too many watches.</exception>
    public int Watch(string path, InotifyEvents events) => Syscall.InotifyAddWatch(inotify, PathBytes.Encode(path), events);

    /// <summary>Ends a watch; false where it had ended with its file.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public bool Unwatch(int watch) => Syscall.InotifyRemoveWatch(inotify, watch);

    /// <summary>Waits for events; at least one is returned.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; no event is lost by that.</exception>
    public async Task<IReadOnlyList<InotifyEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        int length;
        while ((length = Syscall.TryRead(inotify, buffer)) < 0)
            await Readiness.WaitAsync(inotify, PollEvents.Readable, cancellationToken);

        return Parse(buffer.AsSpan(0, length));
    }

    /// <summary>Ends all watches.</summary>
    public void Dispose() => inotify.Dispose();

    internal static List<InotifyEvent> Parse(ReadOnlySpan<byte> records)
    {
        var events = new List<InotifyEvent>();
        while (records.Length >= HeaderSize)
        {
            var nameSize = BinaryPrimitives.ReadInt32LittleEndian(records[12..]);
            events.Add(new(
                BinaryPrimitives.ReadInt32LittleEndian(records),
                (InotifyEvents)BinaryPrimitives.ReadUInt32LittleEndian(records[4..]),
                BinaryPrimitives.ReadUInt32LittleEndian(records[8..]),
                PathBytes.Decode(records.Slice(HeaderSize, nameSize))));
            records = records[(HeaderSize + nameSize)..];
        }

        return events;
    }
}
