using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>
/// Takes away what a run leaves: processes and cgroups, the runtime's state, the bundle. The runtime's own command
/// <c>delete</c> does the first three as well, at the price of a program's start and 5 ms; it is called where ours meets
/// something that it does not know.
/// </summary>
/// <param name="cgroups">The host's hierarchies.</param>
/// <param name="folder">Where running containers lie.</param>
/// <param name="command">The runtime's commands.</param>
sealed class RuntimeRemains(CgroupHierarchies cgroups, RunFolder folder, RuntimeCommand command)
{
    // Tasks that have been killed and not yet been taken from the cgroup: some rounds of the scheduler.
    const int Attempts = 50;

    /// <summary>Takes everything away. Idempotent: what is gone is gone.</summary>
    /// <param name="id">A container whose first process has ended.</param>
    /// <param name="cgroupPath">Its cgroup.</param>
    public async Task RemoveAsync(string id, string cgroupPath)
    {
        if (!await TryRemoveCgroupsAsync(cgroupPath) && Directory.Exists(folder.RuntimeState(id)))
            await command.RunAsync(id, "delete", "--force");
        TreeRemoval.Remove(folder.RuntimeState(id));
        TreeRemoval.Remove(folder.Bundle(id));
        File.Delete(folder.Exit(id));
    }

    /// <summary>The processes in a container's cgroup, those in cgroups below it included; empty when there is none.</summary>
    public IReadOnlyList<int> ProcessesIn(string cgroupPath)
    {
        // All hierarchies hold the same processes, as long as the container is not let to arrange them itself.
        string? root = cgroups.PathOf("pids") ?? cgroups.PathOf("freezer") ?? cgroups.Roots.FirstOrDefault()?.MountPoint;
        return root is null ? [] : ProcessesBelow(root + cgroupPath);
    }

    async Task<bool> TryRemoveCgroupsAsync(string cgroupPath)
    {
        // With a process namespace of its own, the kernel has killed everything with the first process; without one,
        // others live on.
        await KillAsync(ProcessesIn(cgroupPath));
        foreach (string hierarchy in cgroups.MountPoints)
        {
            if (!await TryRemoveAsync(hierarchy + cgroupPath))
                return false;
        }

        return true;
    }

    static async Task<bool> TryRemoveAsync(string directory)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (TryRemoveTree(directory))
                return true;
            IReadOnlyList<int> left = ProcessesBelow(directory);
            if (left.Count > 0)
                await KillAsync(left);
            else
                await Task.Yield();
        }

        return false;
    }

    // Cgroups are removed by rmdir alone, from the leaves; their files go with them.
    static bool TryRemoveTree(string directory) =>
        TryRemoveDirectory(directory)
        || (Directory.EnumerateDirectories(directory).All(TryRemoveTree) && TryRemoveDirectory(directory));

    static bool TryRemoveDirectory(string directory)
    {
        try
        {
            Syscall.TryUnlinkAt(Syscall.WorkingDirectory, directory, AtFlags.RemoveDirectory);
            return true;
        }
        catch (LinuxException e) when (e.Errno == Errno.EBUSY)
        {
            // Observed: it holds a process, one that is dying too, or a cgroup below.
            return false;
        }
    }

    static List<int> ProcessesBelow(string directory)
    {
        List<int> processes = [];
        if (!Directory.Exists(directory))
            return processes;
        try
        {
            foreach (string line in File.ReadLines($"{directory}/cgroup.procs"))
            {
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && process > 0)
                    processes.Add(process);
            }

            foreach (string below in Directory.EnumerateDirectories(directory))
                processes.AddRange(ProcessesBelow(below));
        }
        catch (IOException)
        {
            // Observed: ENODEV or ENOENT, the cgroup went away meanwhile, and so have its processes.
        }

        return processes;
    }

    static async Task KillAsync(IReadOnlyList<int> processes)
    {
        foreach (int process in processes)
        {
            using SafeFileHandle? handle = Syscall.TryPidfdOpen(process);
            if (handle is not null && Syscall.PidfdSendSignal(handle, Signal.SIGKILL))
                await Readiness.WaitAsync(handle, PollEvents.Readable, CancellationToken.None);
        }
    }
}
