using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Layers.Tests.Archive;

/// <summary>A tree in lines, read in this process: for tests that look at thousands of trees.</summary>
static class Snapshot
{
    public static List<string> Of(string directory, bool directoryTimes = true)
    {
        var lines = new List<string>();
        using var root = Syscall.Open(directory, OpenFlags.Directory);
        Read(root, "", lines, directoryTimes);
        return lines;
    }

    static void Read(SafeFileHandle directory, string path, List<string> lines, bool directoryTimes)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        using (var reader = new DirectoryReader(directory))
        {
            while (reader.Read()) names.Add(Sandbox.Text(reader.Name.ToArray()));
        }
        foreach (var name in names)
        {
            var stat = Syscall.StatAt(directory, name);
            var time = stat.Kind == FileKind.Directory && !directoryTimes ? "" : stat.ModifyTime.ToString();
            var content = stat.Kind switch
            {
                FileKind.Regular => Convert.ToHexString(SHA256.HashData(Content(directory, name, stat.SizeBytes))),
                FileKind.SymbolicLink => Sandbox.Text(Syscall.ReadLinkAt(directory, PathBytes.Encode(name))),
                _ => "",
            };
            lines.Add($"{path}/{name} {stat.Kind} {Convert.ToString((int)stat.Mode, 8)} {stat.Uid}:{stat.Gid} {time} {content}");
            if (stat.Kind != FileKind.Directory) continue;
            using var child = Syscall.OpenAt(directory, name, OpenFlags.Directory | OpenFlags.NoFollow);
            Read(child, $"{path}/{name}", lines, directoryTimes);
        }
    }

    static byte[] Content(SafeFileHandle directory, string name, long size)
    {
        using var file = Syscall.OpenAt(directory, name, OpenFlags.ReadOnly);
        var content = new byte[size];
        RandomAccess.Read(file, content, 0);
        return content;
    }
}
