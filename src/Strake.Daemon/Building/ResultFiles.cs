using System.Text;
using Microsoft.Win32.SafeHandles;
using Strake.Build;
using Strake.Daemon.BuildKit.Files;
using Strake.Linux;

namespace Strake.Daemon.Building;

/// <summary>The file system of a build's result, for those who look into it. Opened when somebody does.</summary>
/// <param name="built">The result.</param>
sealed class ResultFiles(BuildResult built) : IDisposable
{
    readonly SemaphoreSlim turn = new(1);
    RootedDirectory? root;

    /// <summary>All files, to be sent.</summary>
    public async Task<IFileSource> SourceAsync(CancellationToken cancellationToken) => new DirectorySource(await OpenAsync(cancellationToken));

    /// <inheritdoc cref="BuildKit.IBuildResult.StatAsync"/>
    public async Task<FileEntry> StatAsync(string path, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = await OpenAsync(path, OpenFlags.Path | OpenFlags.NoFollow, cancellationToken);
        FileStat stat = Syscall.StatAt(file, "\0"u8);
        return new FileEntry
        {
            Path = Encoding.UTF8.GetBytes(path.Trim('/')),
            Kind = stat.Kind,
            Mode = stat.Mode,
            SizeBytes = stat.Kind is FileKind.Regular ? stat.SizeBytes : 0,
            ModifyTime = stat.ModifyTime,
            Target = stat.Kind is FileKind.SymbolicLink ? Syscall.ReadLinkAt(file, "\0"u8) : [],
            Device = stat.DeviceItself,
        };
    }

    /// <inheritdoc cref="BuildKit.IBuildResult.ListAsync"/>
    public async Task<IReadOnlyList<FileEntry>> ListAsync(string path, CancellationToken cancellationToken)
    {
        using var below = new RootedDirectory(await OpenAsync(path, OpenFlags.Directory, cancellationToken), PathRule.InRoot);
        return [.. new DirectorySource(below).Walk().Where(static file => file.Parent.IsEmpty)];
    }

    /// <inheritdoc cref="BuildKit.IBuildResult.ReadAsync"/>
    public async Task<byte[]> ReadAsync(string path, long offset, int length, CancellationToken cancellationToken)
    {
        // A fifo would keep who opens it.
        using SafeFileHandle file = await OpenAsync(path, OpenFlags.NonBlocking, cancellationToken);
        if (Syscall.StatAt(file, "\0"u8).Kind is not FileKind.Regular) throw StrakeException.Invalid($"{path} is no regular file");
        var bytes = new byte[Math.Clamp(RandomAccess.GetLength(file) - offset, 0, length)];
        int read = RandomAccess.Read(file, bytes, offset);
        return bytes[..read];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        root?.Dispose();
        turn.Dispose();
    }

    async Task<SafeFileHandle> OpenAsync(string path, OpenFlags flags, CancellationToken cancellationToken)
    {
        RootedDirectory opened = await OpenAsync(cancellationToken);
        try
        {
            string name = path.Trim('/');
            return opened.OpenFile(name.Length == 0 ? "." : name, flags);
        }
        catch (LinuxException e)
        {
            throw StrakeException.NotFound($"{path} of the build's result cannot be opened: {e.Message}", e);
        }
    }

    async Task<RootedDirectory> OpenAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return root ??= await built.OpenAsync(PathRule.InRoot, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }
}
