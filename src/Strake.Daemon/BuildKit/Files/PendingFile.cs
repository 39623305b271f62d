using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Daemon.BuildKit.Files;

/// <summary>A file whose bytes come later; it is made when the first do.</summary>
/// <param name="files">Makes it.</param>
/// <param name="parent">Where it lies.</param>
/// <param name="name">Its name with its NUL.</param>
/// <param name="entry">What it is.</param>
sealed class PendingFile(TargetFiles files, TargetDirectory parent, byte[] name, FileEntry entry) : IFileContent
{
    SafeFileHandle? file;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            file ??= files.Create(parent, name, entry);
            while (!bytes.IsEmpty) bytes = bytes[Syscall.TryWrite(file, bytes)..];
        }
        catch (LinuxException e)
        {
            throw FileErrors.Of(entry, e);
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        try
        {
            files.Finish(file ?? files.Create(parent, name, entry), entry);
        }
        catch (LinuxException e)
        {
            throw FileErrors.Of(entry, e);
        }
    }
}
