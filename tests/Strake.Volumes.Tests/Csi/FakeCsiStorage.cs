using Strake.Linux;

namespace Strake.Volumes.Tests.Csi;

/// <summary>What a CSI driver keeps, whatever becomes of the driver: directories, mounted where they are wanted; and what it was asked wrongly.</summary>
public sealed class FakeCsiStorage(string folder) : IDisposable
{
    int ids;

    /// <summary>Held while something is done.</summary>
    public Lock Gate { get; } = new();

    public Dictionary<string, FakeCsiVolume> Volumes { get; } = new(StringComparer.Ordinal);

    /// <summary>Snapshots by id: name, source, folder.</summary>
    public Dictionary<string, (string Name, string Source, string Group)> Snapshots { get; } = new(StringComparer.Ordinal);

    /// <summary>What an orchestrator must not do, as it was done.</summary>
    public List<string> Mistakes { get; } = [];

    public string NewId(string kind) => $"{kind}/{++ids}";

    public string this[string id] => Directory.CreateDirectory(Path.Combine(folder, id.Replace('/', '-'))).FullName;

    public void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(this[from]))
            File.Copy(file, Path.Combine(this[to], Path.GetFileName(file)), overwrite: true);
    }

    public void Bind(string source, string target)
    {
        Directory.CreateDirectory(target);
        if (!MountTable.IsMountPoint(target))
            Syscall.Mount(source, target, null, MountFlags.Bind);
    }

    public void Unbind(string target)
    {
        while (MountTable.IsMountPoint(target))
            Syscall.Unmount(target);
    }

    /// <summary>Lets go of all mounts, as a machine's end does.</summary>
    public void Dispose()
    {
        foreach (FakeCsiVolume volume in Volumes.Values)
        {
            foreach (string target in volume.Published)
                Unbind(target);
            if (volume.Staged is { } staging)
                Unbind(staging);
            volume.Published.Clear();
            volume.Staged = null;
        }
    }
}
