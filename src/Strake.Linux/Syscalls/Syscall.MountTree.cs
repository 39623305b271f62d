using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <remarks>The calls that take mounts apart into descriptors (Linux 5.2; mount_setattr 5.12), as <c>linux/mount.h</c> has them.</remarks>
public static partial class Syscall
{
    const nuint CloseOnExecFirstBit = 1; // FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC

    /// <summary>A handle of a part of the tree, or of a copy of it that lies nowhere yet (<c>open_tree</c>).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static SafeFileHandle OpenTree(SafeFileHandle directory, ReadOnlySpan<byte> path, OpenTreeFlags flags)
    {
        PathBytes.Require(path);
        var descriptor = syscall_open_tree((nint)Number.OpenTree, directory, path, (nuint)flags | CloseOnExec);
        return descriptor >= 0 ? Own(descriptor) : throw Failure("open_tree", directory, path);
    }

    /// <summary>Puts a mount, as made by <see cref="FsMount"/> or <see cref="OpenTree"/>, at a place in the tree (<c>move_mount</c>).</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static void MoveMount(SafeFileHandle mount, SafeFileHandle targetDirectory, ReadOnlySpan<byte> target)
    {
        const nuint sourceEmptyPath = 0x4;  // MOVE_MOUNT_F_EMPTY_PATH
        const nuint targetEmptyPath = 0x40; // MOVE_MOUNT_T_EMPTY_PATH
        PathBytes.Require(target);
        var flags = sourceEmptyPath | (target.Length == 1 ? targetEmptyPath : 0);
        if (syscall_move_mount((nint)Number.MoveMount, mount, EmptyPath, targetDirectory, target, flags) < 0)
            throw Failure("move_mount", targetDirectory, target);
    }

    /// <summary>Begins to make a file system of a type (<c>fsopen</c>); reading the handle gives the kernel's log lines.</summary>
    /// <exception cref="LinuxException">The call failed; ENODEV where the kernel has no such type.</exception>
    public static SafeFileHandle FsOpen(string type)
    {
        var descriptor = syscall_fsopen((nint)Number.FsOpen, PathBytes.Encode(type), CloseOnExecFirstBit);
        return descriptor >= 0 ? Own(descriptor) : throw new LinuxException(LastError, "fsopen", type);
    }

    /// <summary>Makes a mount of a file system that was created (<c>fsmount</c>); it lies nowhere until it is moved, and is gone with the handle before that.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static SafeFileHandle FsMount(SafeFileHandle context, MountAttributes attributes)
    {
        var descriptor = syscall_fsmount((nint)Number.FsMount, context, CloseOnExecFirstBit, (nuint)(ulong)attributes);
        return descriptor >= 0 ? Own(descriptor) : throw Failure("fsmount");
    }

    /// <summary>Changes attributes of a mount, and with <see cref="AtFlags.Recursive"/> of all below it, all or none (<c>mount_setattr(2)</c>).</summary>
    /// <exception cref="LinuxException">The call failed; EBUSY where a read-only one is being written.</exception>
    public static void MountSetAttr(
        SafeFileHandle directory,
        ReadOnlySpan<byte> path,
        AtFlags flags,
        MountAttributes set,
        MountAttributes clear = MountAttributes.None,
        MountPropagation propagation = MountPropagation.Unchanged)
    {
        PathBytes.Require(path);
        var change = new MountChange { Set = (ulong)set, Clear = (ulong)clear, Propagation = (ulong)propagation };
        var size = (nuint)Unsafe.SizeOf<MountChange>();
        if (syscall_mount_setattr((nint)Number.MountSetAttr, directory, path, (nuint)flags, in change, size) < 0)
            throw Failure("mount_setattr", directory, path);
    }

    // Zero or the errno: FsContext adds the kernel's log to the exception.
    internal static Errno FsConfig(SafeFileHandle context, FsConfigCommand command, string? key = null, string? value = null, int auxiliary = 0) =>
        syscall_fsconfig((nint)Number.FsConfig, context, (nuint)command, OrNull(key), OrNull(value), auxiliary) == 0 ? Errno.None : LastError;

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_open_tree(nint number, SafeFileHandle directory, ReadOnlySpan<byte> path, nuint flags);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_move_mount(
        nint number, SafeFileHandle source, ReadOnlySpan<byte> sourcePath, SafeFileHandle target, ReadOnlySpan<byte> targetPath, nuint flags);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_fsopen(nint number, ReadOnlySpan<byte> type, nuint flags);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_fsconfig(
        nint number, SafeFileHandle context, nuint command, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, nint auxiliary);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_fsmount(nint number, SafeFileHandle context, nuint flags, nuint attributes);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial long syscall_mount_setattr(
        nint number, SafeFileHandle directory, ReadOnlySpan<byte> path, nuint flags, in MountChange change, nuint size);

    // struct mount_attr
    [StructLayout(LayoutKind.Sequential)]
    struct MountChange
    {
        public ulong Set;
        public ulong Clear;
        public ulong Propagation;
        public ulong UserNamespace;
    }
}
