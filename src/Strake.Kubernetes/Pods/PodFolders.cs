using System.Globalization;
using System.Text;
using Strake.Kubernetes.Records;
using Strake.Linux;

namespace Strake.Kubernetes.Pods;

/// <summary>Where pods have their files on the node.</summary>
/// <remarks>
/// <code>
/// &lt;root&gt;/&lt;pod's uid&gt;/
///   shm                                     what the pod's containers see as /dev/shm
///   containers/&lt;container&gt;/&lt;attempt&gt;         the last message of a run
///   volumes/kubernetes.io~&lt;type&gt;/&lt;volume&gt;    volumes that are made for the pod; of some types a file system in memory, of csi a folder with one
/// </code>
/// </remarks>
/// <param name="root">The folder of all pods.</param>
public sealed class PodFolders(string root)
{
    const int MaxMessageBytes = 4096;

    /// <summary>The folder of all pods.</summary>
    public string Root { get; } = root;

    /// <summary>A pod's folder.</summary>
    /// <param name="podUid">The pod.</param>
    public string Of(string podUid) => Path.Combine(Root, podUid);

    /// <summary>Whether something of a pod's volumes may be there.</summary>
    /// <param name="podUid">The pod.</param>
    public bool HoldVolumes(string podUid) => Directory.Exists(VolumesOf(podUid));

    /// <summary>The uids of all pods that have folders.</summary>
    public IReadOnlyList<string> Pods() => Directory.Exists(Root) ? [.. Directory.EnumerateDirectories(Root).Select(static path => Path.GetFileName(path))] : [];

    /// <summary>Where a volume is made for a pod.</summary>
    /// <param name="podUid">The pod.</param>
    /// <param name="type">The volume's type: <c>empty-dir</c>.</param>
    /// <param name="volume">The volume's name in the pod.</param>
    public string VolumeOf(string podUid, string type, string volume) => Path.Combine(VolumesOf(podUid), $"kubernetes.io~{type}", volume);

    /// <summary>The file of a run's last message, made empty.</summary>
    /// <param name="podUid">The pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="attempt">The run.</param>
    public string MakeMessageFile(string podUid, string container, int attempt)
    {
        string path = MessageFile(podUid, container, attempt);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, Permissions.Octal0711);
        // Whoever the process is, it may write.
        using (File.Create(path))
        {
            File.SetUnixFileMode(path, Permissions.Octal0666);
        }

        return path;
    }

    /// <summary>The last message of a run; empty for none.</summary>
    /// <param name="podUid">The pod.</param>
    /// <param name="container">The container.</param>
    /// <param name="attempt">The run.</param>
    public string ReadMessage(string podUid, string container, int attempt)
    {
        string path = MessageFile(podUid, container, attempt);
        if (!File.Exists(path)) return "";
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[Math.Min(file.Length, MaxMessageBytes)];
        file.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes).TrimEnd('\n');
    }

    /// <summary>What a pod's containers have as /dev/shm: one file system for all; none with the node's IPC.</summary>
    internal IEnumerable<ContainerMount> SharedMemoryOf(Pod pod)
    {
        if (pod.Spec.Flag("hostIPC")) yield break;
        yield return new ContainerMount(Path.Combine(Of(pod.Uid), "shm"), "/dev/shm");
    }

    /// <summary>Makes what a pod has before its volumes. May be repeated.</summary>
    internal void Make(Pod pod)
    {
        Directory.CreateDirectory(Root, Permissions.Octal0711);
        Directory.CreateDirectory(Of(pod.Uid), Permissions.Octal0711);
        Directory.CreateDirectory(VolumesOf(pod.Uid), Permissions.Octal0711);
        if (pod.Spec.Flag("hostIPC")) return;
        MemoryMounts.Ensure(Path.Combine(Of(pod.Uid), "shm"), "size=65536k,mode=1777");
    }

    /// <summary>Removes what a pod has of volumes; last messages stay. Of what is gone, nothing.</summary>
    /// <param name="podUid">The pod.</param>
    /// <exception cref="StrakeException">InUse: something is mounted and cannot be taken away; nothing below it was touched.</exception>
    public void RemoveVolumes(string podUid)
    {
        Remove(Path.Combine(Of(podUid), "shm"));
        Remove(VolumesOf(podUid));
    }

    /// <summary>Removes a pod's folder, with all that is mounted in it taken away first. Of what is gone, nothing.</summary>
    /// <param name="podUid">The pod.</param>
    /// <exception cref="StrakeException">InUse: something in it is mounted and cannot be taken away; nothing below it was touched.</exception>
    public void RemoveAll(string podUid) => Remove(Of(podUid));

    static void Remove(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (MountEntry mount in MountTable.Below(folder).Reverse()) Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);

        // What is still mounted may be somebody's data: nothing is removed through a mount.
        if (MountTable.Below(folder).Count > 0) throw StrakeException.InUse($"remove {folder}: {MountTable.Below(folder)[0].MountPoint} is mounted still");
        TreeRemoval.Remove(folder);
    }

    string VolumesOf(string podUid) => Path.Combine(Of(podUid), "volumes");

    string MessageFile(string podUid, string container, int attempt) =>
        Path.Combine(Of(podUid), "containers", container, attempt.ToString(CultureInfo.InvariantCulture));
}
