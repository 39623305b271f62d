using System.Text;
using Microsoft.Win32.SafeHandles;
using Strake.Layers.Archive;
using Strake.Linux;

namespace Strake.Containers.Files;

/// <summary>What <c>docker cp</c> does inside a container's view: look at a file, read a tree as a tar, extract a tar.</summary>
public static class ContainerFiles
{
    /// <summary>Looks at a file; a link is not followed unless the path ends with a slash.</summary>
    /// <param name="view">The container.</param>
    /// <param name="path">A path in it.</param>
    /// <param name="container">How the user calls the container, for messages.</param>
    /// <exception cref="StrakeException">NotFound: there is none. Invalid: the path is none, or is no directory and should be one.</exception>
    public static PathStat Stat(ContainerView view, string path, string container)
    {
        ContainerFilePath wanted = ContainerFilePath.Parse(path);
        FileStat stat = Look(view, wanted, container);
        string target = stat.Kind is FileKind.SymbolicLink ? TargetOf(view, wanted) : "";
        return new PathStat(wanted.Name, stat.SizeBytes, GoFileMode.Of(stat.Kind, stat.Mode), stat.ModifyTime.ToDateTimeOffset(), target);
    }

    /// <summary>Writes a file, or a directory with all below it, as a tar whose entries begin with the path's last element.</summary>
    /// <param name="view">The container.</param>
    /// <param name="path">A path in it; ending with <c>/.</c> the entries begin with <c>.</c>.</param>
    /// <param name="container">How the user calls the container, for messages.</param>
    /// <param name="target">Receives the tar; not closed.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="StrakeException">As in <see cref="Stat"/>. Conflict: a file became shorter while it was read.</exception>
    public static async Task ReadAsync(ContainerView view, string path, string container, Stream target, CancellationToken cancellationToken)
    {
        ContainerFilePath wanted = ContainerFilePath.Parse(path);
        FileStat stat = Look(view, wanted, container);

        // The root has no name: its entries begin with a slash, as Docker's do.
        byte[] archivedName = Encoding.UTF8.GetBytes(wanted.WantsContent ? "." : wanted.Name.TrimStart('/'));
        if (stat.Kind is FileKind.Directory)
        {
            using SafeFileHandle directory = view.Root.OpenDirectory(wanted.Path);
            await TreeTar.WriteAsync(directory, "."u8.ToArray(), archivedName, target, cancellationToken);
            return;
        }

        using SafeFileHandle parent = view.Root.OpenParent(wanted.Path, out byte[] name);
        await TreeTar.WriteAsync(parent, name.AsMemory(0, name.Length - 1), archivedName, target, cancellationToken);
    }

    /// <summary>Extracts a tar below a directory of the container.</summary>
    /// <param name="view">The container.</param>
    /// <param name="path">An existing directory in it; links that lead to one are followed.</param>
    /// <param name="container">How the user calls the container, for messages.</param>
    /// <param name="tar">The tar, in any compression; not closed.</param>
    /// <param name="options">Owner and rules for replacing.</param>
    /// <param name="cancellationToken">Stops between two blocks; what was extracted stays.</param>
    /// <exception cref="StrakeException">NotFound: no such path. Invalid: not a directory, or not a tar. Exhausted: no space left.</exception>
    public static async Task WriteAsync(
        ContainerView view, string path, string container, Stream tar, TreeExtractOptions options, CancellationToken cancellationToken)
    {
        ContainerFilePath wanted = ContainerFilePath.Parse(path);
        using SafeFileHandle directory = OpenDirectory(view, wanted, container);
        await TreeExtract.ExtractAsync(tar, directory, options, cancellationToken);
    }

    static SafeFileHandle OpenDirectory(ContainerView view, ContainerFilePath wanted, string container)
    {
        try
        {
            return view.Root.OpenDirectory(wanted.Path);
        }
        catch (LinuxException missing) when (missing.Errno is Errno.ENOENT or Errno.ELOOP or Errno.EXDEV)
        {
            throw NotFound(wanted, container, missing);
        }
        catch (LinuxException file) when (file.Errno is Errno.ENOTDIR)
        {
            throw StrakeException.Invalid("extraction point is not a directory", file);
        }
    }

    static FileStat Look(ContainerView view, ContainerFilePath wanted, string container)
    {
        try
        {
            if (!view.Root.TryStat(wanted.Path, out FileStat stat, followLast: wanted.WantsDirectory))
                throw NotFound(wanted, container, inner: null);
            return wanted.WantsDirectory && stat.Kind is not FileKind.Directory
                ? throw StrakeException.Invalid($"{wanted.Path} in container {container}: not a directory")
                : stat;
        }
        catch (LinuxException unresolved) when (unresolved.Errno is Errno.ELOOP or Errno.EXDEV)
        {
            throw NotFound(wanted, container, unresolved);
        }
    }

    // Where the link leads in the end, as a path of the container; a dangling link's own text is the best there is.
    static string TargetOf(ContainerView view, ContainerFilePath wanted)
    {
        using SafeFileHandle? target = view.Root.TryOpenFile(wanted.Path, OpenFlags.Path);
        if (target is null)
        {
            using SafeFileHandle parent = view.Root.OpenParent(wanted.Path, out byte[] name);
            return PathBytes.Decode(Syscall.ReadLinkAt(parent, name));
        }

        string root = PathOf(view.Root.Directory);
        string path = PathOf(target);
        return root != "/" && path.StartsWith(root + "/", StringComparison.Ordinal) ? path[root.Length..] : path;
    }

    static string PathOf(SafeFileHandle handle) =>
        File.ResolveLinkTarget($"/proc/self/fd/{handle.DangerousGetHandle()}", returnFinalTarget: false)?.FullName ?? "/";

    static StrakeException NotFound(ContainerFilePath wanted, string container, Exception? inner) =>
        StrakeException.NotFound($"Could not find the file {wanted.Path} in container {container}", inner);
}
