using Microsoft.Win32.SafeHandles;
using Strake.Containers.Spec;
using Strake.Linux;

namespace Strake.Containers.Engine;

/// <summary>Looks users up in a container's own files, which are the image's and may be anything.</summary>
static class AccountFiles
{
    // No real file comes near; a hostile one must not fill the memory.
    const int MaxBytes = 4 << 20;

    /// <summary>Who a process is.</summary>
    /// <param name="root">The container's root.</param>
    /// <param name="user"><c>user[:group]</c>; empty: root.</param>
    /// <param name="additional">Groups on top.</param>
    /// <exception cref="StrakeException">Invalid: unknown, or the files are too large.</exception>
    public static ContainerUser Resolve(RootedDirectory root, string? user, IReadOnlyList<string> additional) =>
        ContainerUser.Resolve(user, additional, Read(root, "/etc/passwd"), Read(root, "/etc/group"));

    static byte[] Read(RootedDirectory root, string path)
    {
        // A fifo or a device in the file's place must neither hold us back nor be read.
        using SafeFileHandle? file = root.TryOpenFile(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (file is null)
            return [];
        FileStat stat = Syscall.Stat(file);
        if (stat.Kind != FileKind.Regular)
            return [];
        if (stat.SizeBytes > MaxBytes)
            throw StrakeException.Invalid($"{path} in the container has {stat.SizeBytes} bytes; the limit is {MaxBytes}");
        byte[] content = new byte[stat.SizeBytes];
        int length = 0;
        int read;
        while (length < content.Length && (read = RandomAccess.Read(file, content.AsSpan(length), length)) > 0)
            length += read;
        return content[..length];
    }
}
