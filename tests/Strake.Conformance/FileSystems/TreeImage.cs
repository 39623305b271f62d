using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Conformance.FileSystems;

/// <summary>
/// All that a file system knows of a tree, a line each file: kind, mode, owner, size, time, content, attributes. Two equal images are two
/// equal trees.
/// </summary>
public static class TreeImage
{
    /// <summary>The image of what is below a directory, and of the directory itself; sorted by path.</summary>
    public static IReadOnlyList<string> Of(string directory)
    {
        var files = Files(directory);
        return [.. files.Select(file => $"{file.Key} {file.Value}")];
    }

    /// <summary>The same as a table: path, and all else. Paths are relative, the directory's own is a dot; bytes that are no ASCII are Latin-1.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="directoryTimes">Whether the times of directories, which change with what is in them, are to be told.</param>
    public static SortedDictionary<string, string> Files(string directory, bool directoryTimes = true)
    {
        using var root = Syscall.Open(directory, OpenFlags.Directory);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["."] = Describe(root, "\0"u8, Syscall.Stat(root), directoryTimes) };
        Walk(root, "", files, directoryTimes);
        return files;
    }

    static void Walk(SafeFileHandle directory, string prefix, SortedDictionary<string, string> files, bool directoryTimes)
    {
        using var reader = new DirectoryReader(directory);
        while (reader.Read())
        {
            var path = prefix + Encoding.Latin1.GetString(reader.Name);
            var stat = Syscall.StatAt(directory, reader.NameWithNul, AtFlags.SymlinkNoFollow);
            files.Add(path, Describe(directory, reader.NameWithNul, stat, directoryTimes));
            if (stat.Kind != FileKind.Directory) continue;
            using var child = Syscall.OpenAt(directory, reader.NameWithNul, OpenFlags.Directory | OpenFlags.NoFollow);
            Walk(child, path + "/", files, directoryTimes);
        }
    }

    static string Describe(SafeFileHandle directory, ReadOnlySpan<byte> name, in FileStat stat, bool directoryTimes)
    {
        var self = name is [0];
        var content = stat.Kind switch
        {
            FileKind.Regular => $"{stat.SizeBytes} {HashOf(directory, name)}",
            FileKind.SymbolicLink => Encoding.Latin1.GetString(Syscall.ReadLinkAt(directory, name)),
            FileKind.CharacterDevice or FileKind.BlockDevice => stat.DeviceItself.ToString(),
            _ => "",
        };
        var names = self ? Syscall.ListXattr(directory) : Syscall.ListXattrAt(directory, name);
        var attributes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var attribute in names)
        {
            var value = self ? Syscall.TryGetXattr(directory, attribute) : Syscall.TryGetXattrAt(directory, name, attribute);
            attributes.Add(PathBytes.Decode(attribute) + "=" + Convert.ToHexString(value ?? []));
        }

        var time = stat.Kind == FileKind.Directory && !directoryTimes ? "" : stat.ModifyTime.ToString();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{stat.Kind} {Convert.ToString((int)stat.Mode, 8)} {stat.Uid}:{stat.Gid} {time} {content} {string.Join(' ', attributes)}");
    }

    static string HashOf(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        using var file = new FileStream(Syscall.OpenAt(directory, name, OpenFlags.ReadOnly | OpenFlags.NoFollow), FileAccess.Read);
        return Convert.ToHexStringLower(SHA256.HashData(file))[..16];
    }
}
