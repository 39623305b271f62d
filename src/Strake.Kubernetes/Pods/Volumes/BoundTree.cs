using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Kubernetes.Pods.Volumes;

/// <summary>A directory that appears at a second place, and there with attributes of its own (mount_setattr(2)).</summary>
static class BoundTree
{
    /// <summary>Has it appear; with its attributes from the first moment.</summary>
    /// <param name="source">The directory.</param>
    /// <param name="target">The place: a directory that is there.</param>
    /// <param name="attributes">The attributes that it has there.</param>
    /// <exception cref="LinuxException">It cannot; nothing is there.</exception>
    public static void Attach(string source, string target, MountAttributes attributes)
    {
        using SafeFileHandle tree = Syscall.OpenTree(Syscall.WorkingDirectory, PathBytes.Encode(source), OpenTreeFlags.Clone | OpenTreeFlags.SymlinkNoFollow);

        // One kind of access times replaces another.
        bool setsTimes = (attributes & MountAttributes.AccessTimeMask) != MountAttributes.None;
        if (attributes != MountAttributes.None)
            Syscall.MountSetAttr(tree, "\0"u8, AtFlags.EmptyPath, attributes, setsTimes ? MountAttributes.AccessTimeMask : MountAttributes.None);
        Syscall.MoveMount(tree, Syscall.WorkingDirectory, PathBytes.Encode(target));
    }
}
