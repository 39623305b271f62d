using Microsoft.Win32.SafeHandles;

namespace Strake.Linux.Tests;

/// <summary>A directory of a test's own, gone with all that is in it; mounts within are taken off first.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory() => Path = Directory.CreateTempSubdirectory("strake-test-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string MakeDirectory(string name) => Directory.CreateDirectory(this[name]).FullName;

    public string MakeFile(string name, string content = "")
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public SafeFileHandle Open() => Open("");

    public SafeFileHandle Open(string name) => Syscall.Open(this[name], OpenFlags.Directory);

    public void Dispose()
    {
        foreach (var mount in MountTable.Below(Path).Reverse())
            Syscall.Unmount(mount.MountPoint, UnmountFlags.Detach);

        TreeRemoval.Remove(Path);
    }
}
