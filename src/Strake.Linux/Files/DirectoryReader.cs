using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>
/// The names in a directory, in the file system's order, without <c>.</c> and <c>..</c> (<c>getdents64(2)</c>). One rented buffer and no
/// allocation per name.
/// <example><code>
/// using var reader = new DirectoryReader(directory);
/// while (reader.Read())
///     Use(reader.Name, reader.Kind);
/// </code></example>
/// </summary>
/// <remarks>
/// The position is the open directory's: two readers over one handle share it. Names that are added or removed meanwhile may be seen or not.
/// </remarks>
public sealed class DirectoryReader : IDisposable
{
    // struct linux_dirent64: d_ino 0 (8), d_off 8 (8), d_reclen 16 (2), d_type 18 (1), d_name 19, ended by NUL
    const int LengthAt = 16;
    const int KindAt = 18;
    const int NameAt = 19;
    const int BufferSize = 32 * 1024;

    readonly SafeFileHandle directory;
    byte[]? buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    int filled;
    int record;
    int next;

    /// <summary>Reads from where the handle stands; a handle just opened stands at the start.</summary>
    /// <param name="directory">A directory opened for reading (not O_PATH); stays the caller's.</param>
    public DirectoryReader(SafeFileHandle directory) => this.directory = directory;

    /// <summary>The name, without a NUL; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Name => NameWithNul[..^1];

    /// <summary>The name with its NUL, to hand to a call; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> NameWithNul
    {
        get
        {
            var rest = Buffer.AsSpan(record + NameAt, next - record - NameAt);
            return rest[..(rest.IndexOf((byte)0) + 1)];
        }
    }

    /// <summary>What it is; <see cref="FileKind.Unknown"/> on file systems that do not say.</summary>
    public FileKind Kind => (FileKind)Buffer[record + KindAt];

    /// <summary>The inode's number as the directory has it; that of the covered directory where something is mounted.</summary>
    public ulong Inode => BinaryPrimitives.ReadUInt64LittleEndian(Buffer.AsSpan(record));

    byte[] Buffer => buffer ?? throw new ObjectDisposedException(nameof(DirectoryReader));

    /// <summary>Goes to the next name; false after the last.</summary>
    /// <exception cref="LinuxException">The directory cannot be read.</exception>
    public bool Read()
    {
        do
        {
            if (next == filled && !Fill())
                return false;

            record = next;
            next += BinaryPrimitives.ReadUInt16LittleEndian(Buffer.AsSpan(record + LengthAt));
        }
        while (Name is [(byte)'.'] or [(byte)'.', (byte)'.']);

        return true;
    }

    /// <summary>Goes back to the start, to see what is there by now.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public void Rewind()
    {
        Syscall.Seek(directory, 0, SeekFrom.Start);
        filled = record = next = 0;
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (buffer is null)
            return;

        ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
    }

    bool Fill()
    {
        filled = Syscall.GetDents64(directory, Buffer);
        next = 0;
        return filled > 0;
    }
}
