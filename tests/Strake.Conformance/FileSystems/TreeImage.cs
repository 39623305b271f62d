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
        using var root = Syscall.Open(directory, OpenFlags.Directory);
        var lines = new List<string> { Describe(root, "\0"u8, Syscall.Stat(root), ".") };
        Walk(root, "", lines);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    static void Walk(SafeFileHandle directory, string prefix, List<string> lines)
    {
        using var reader = new DirectoryReader(directory);
        while (reader.Read())
        {
            var path = prefix + Encoding.Latin1.GetString(reader.Name);
            var stat = Syscall.StatAt(directory, reader.NameWithNul, AtFlags.SymlinkNoFollow);
            lines.Add(Describe(directory, reader.NameWithNul, stat, path));
            if (stat.Kind != FileKind.Directory) continue;
            using var child = Syscall.OpenAt(directory, reader.NameWithNul, OpenFlags.Directory | OpenFlags.NoFollow);
            Walk(child, path + "/", lines);
        }
    }

    static string Describe(SafeFileHandle directory, ReadOnlySpan<byte> name, in FileStat stat, string path)
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

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{path} {stat.Kind} {Convert.ToString((int)stat.Mode, 8)} {stat.Uid}:{stat.Gid} {stat.ModifyTime} {content} {string.Join(' ', attributes)}");
    }

    static string HashOf(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        using var file = new FileStream(Syscall.OpenAt(directory, name, OpenFlags.ReadOnly | OpenFlags.NoFollow), FileAccess.Read);
        return Convert.ToHexStringLower(SHA256.HashData(file))[..16];
    }
}
