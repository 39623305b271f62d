using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>
/// A thread that does its work in mount namespaces of its own. A container's root file system is mounted in such a
/// namespace, and conmon and the runtime are started from there, so that the mount is seen by nobody else and ends with
/// the container, whatever becomes of the engine: nothing can be left over.
/// </summary>
/// <remarks>
/// A namespace starts as a copy of the host's, with its propagation: what the host unmounts vanishes here too where the
/// host's mounts are shared. Two mounts of the copy are made private, so that nothing done here is seen on the host: the
/// one that the exec root lies on, and the cgroup one where a hierarchy is hidden from a runtime that would refuse it.
/// Program start goes through posix_spawn, and a child begins in the namespaces of the thread that made it.
/// </remarks>
sealed class MountThread : IDisposable
{
    const string OwnNamespace = "/proc/thread-self/ns/mnt";
    const string CgroupTop = "/sys/fs/cgroup";

    readonly BlockingCollection<Action> queue = [];
    readonly string execRootMount;
    readonly string? hidden;
    readonly string[] roots;
    readonly string volumes;
    SafeFileHandle? home;

    /// <summary>Starts the thread.</summary>
    /// <param name="execRoot">The folder under which root file systems are mounted; exists.</param>
    /// <param name="dataRoot">The folder that conmon writes logs in.</param>
    /// <param name="cgroups">The host's hierarchies.</param>
    /// <param name="runtime">The runtime that will be started.</param>
    public MountThread(string execRoot, string dataRoot, CgroupHierarchies cgroups, OciRuntime runtime)
    {
        execRootMount = MountTable.Read()
            .Where(mount => Mounts.ContainerPath.IsAtOrBelow(execRoot, mount.MountPoint))
            .MaxBy(static mount => mount.MountPoint.Length)?.MountPoint ?? "/";
        roots = [execRoot, dataRoot];
        volumes = $"{dataRoot}/volumes";
        hidden = runtime.NeedsLegacyView ? cgroups.UnifiedBeside : null;
        new Thread(Serve) { IsBackground = true, Name = "mounts" }.Start();
    }

    /// <summary>Does some work in a new namespace.</summary>
    /// <param name="work">What to do; brief, for others wait.</param>
    /// <returns>The namespace, which lasts as long as the handle or a process in it, and the work's result.</returns>
    public Task<(SafeFileHandle Namespace, T Result)> InNewAsync<T>(Func<T> work) => Enqueue(() =>
    {
        Syscall.Unshare(Namespaces.Mount);
        Hide();
        T result = work();
        return (Syscall.Open(OwnNamespace, OpenFlags.ReadOnly), result);
    });

    /// <summary>Does some work in a namespace made before.</summary>
    public Task<T> InAsync<T>(SafeFileHandle mountNamespace, Func<T> work) => Enqueue(() =>
    {
        Syscall.SetNs(mountNamespace, Namespaces.Mount);
        return work();
    });

    /// <summary>Does some work where a runtime can be started that needs no root file system: an exec, a command.</summary>
    public Task<T> InRuntimeViewAsync<T>(Func<T> work) => hidden is null
        ? Task.FromResult(work())
        : Enqueue(() =>
        {
            Syscall.Unshare(Namespaces.Mount);
            Hide();
            return work();
        });

    /// <summary>
    /// Lets go of the copies of the host's mounts that a monitor which was started here, and its runtime, need no longer
    /// (<see cref="HostMounts"/>). Does nothing where the monitor has ended, or shares the host's namespace.
    /// </summary>
    /// <param name="monitor">conmon's process ID.</param>
    public Task ReleaseHostMountsAsync(int monitor) => Enqueue(() =>
    {
        using SafeFileHandle? mountNamespace = Syscall.TryOpen($"/proc/{monitor}/ns/mnt", OpenFlags.ReadOnly);
        if (mountNamespace is null || Number(mountNamespace) == Number(home!))
            return false;
        Syscall.SetNs(mountNamespace, Namespaces.Mount);
        HostMounts.Release(roots, volumes);
        return true;
    });

    /// <summary>Ends the thread once its work is done.</summary>
    public void Dispose() => queue.CompleteAdding();

    void Hide()
    {
        Syscall.Mount(null, execRootMount, null, MountFlags.Private);
        if (hidden is null)
            return;
        Syscall.Mount(null, CgroupTop, null, MountFlags.Private);
        Syscall.Unmount(hidden, UnmountFlags.Detach);
    }

    static ulong Number(SafeFileHandle mountNamespace) => Syscall.Stat(mountNamespace, StatFields.Inode).Inode;

    Task<T> Enqueue<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Add(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (Exception e)
            {
                completion.SetException(e);
            }
        });
        return completion.Task;
    }

    void Serve()
    {
        // A thread that shares its root and working directory with others cannot change its mount namespace.
        Syscall.Unshare(Namespaces.FileSystem);
        home = Syscall.Open(OwnNamespace, OpenFlags.ReadOnly);
        foreach (Action work in queue.GetConsumingEnumerable())
        {
            work();
            // To stay would keep the namespace, and with it the mount, alive.
            Syscall.SetNs(home, Namespaces.Mount);
        }

        home.Dispose();
        queue.Dispose();
    }
}
