using System.Buffers.Text;
using System.Text;

namespace Strake.Linux;

/// <summary>The mounts that the calling thread sees (mountinfo of <c>proc(5)</c>).</summary>
public static class MountTable
{
    // Not /proc/self: that is the first thread's, and a thread of ours may have unshared its mounts.
    const string Source = "/proc/thread-self/mountinfo";

    /// <summary>All mounts, in the kernel's order: parents before children, later mounts at one place after earlier ones.</summary>
    /// <exception cref="IOException">/proc cannot be read.</exception>
    public static IReadOnlyList<MountEntry> Read() => Parse(File.ReadAllBytes(Source));

    /// <summary>Whether a path is where something is mounted, a bind too; false where there is no such path. A link is not followed.</summary>
    /// <exception cref="LinuxException">The path cannot be looked at.</exception>
    public static bool IsMountPoint(string path) =>
        Syscall.TryStatAt(Syscall.WorkingDirectory, path, out var stat, AtFlags.SymlinkNoFollow | AtFlags.NoAutomount, StatFields.Kind)
        && (stat.KnownAttributes.HasFlag(StatAttributes.MountRoot) ? stat.IsMountRoot : IsListed(path));

    /// <summary>The mount of the file system that a path is on: one of them, where it is mounted more than once.</summary>
    /// <param name="path">A path that is there.</param>
    /// <exception cref="LinuxException">The path cannot be looked at.</exception>
    /// <exception cref="IOException">/proc cannot be read, or does not list it.</exception>
    public static MountEntry Holding(string path)
    {
        var device = Syscall.StatAt(Syscall.WorkingDirectory, path, fields: StatFields.Basic).Device;
        return Read().FirstOrDefault(mount => mount.Device == device) ?? throw new IOException($"{Source} does not list the file system of {path}");
    }

    /// <summary>The mounts at or below a directory, deepest last: to unmount them, go from the end.</summary>
    /// <param name="directory">An absolute path without links, such as mountinfo has.</param>
    /// <exception cref="IOException">/proc cannot be read.</exception>
    public static IReadOnlyList<MountEntry> Below(string directory)
    {
        var prefix = directory.TrimEnd('/') + "/";
        return [.. Read().Where(m => (m.MountPoint + "/").StartsWith(prefix, StringComparison.Ordinal))];
    }

    /// <summary>The mounts of a text in the format of mountinfo; pure.</summary>
    /// <exception cref="FormatException">A line is not in the format; the message has it.</exception>
    public static IReadOnlyList<MountEntry> Parse(ReadOnlySpan<byte> text)
    {
        var entries = new List<MountEntry>();
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (!line.IsEmpty)
                entries.Add(ParseLine(line));
        }

        return entries;
    }

    // proc(5), /proc/pid/mountinfo:
    // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    // (1)(2)(3)   (4)   (5)      (6)      (7)   (8) (9)   (10)         (11)
    //
    // (1) mount ID  (2) parent ID  (3) major:minor  (4) root  (5) mount point  (6) mount options
    // (7) optional fields, zero or more  (8) separator  (9) filesystem type  (10) mount source  (11) super options
    static MountEntry ParseLine(ReadOnlySpan<byte> line)
    {
        var rest = line;
        var mountId = Number(ref rest, line);
        var parentId = Number(ref rest, line);
        var device = Device(Field(ref rest), line);
        var root = Text(Field(ref rest));
        var mountPoint = Text(Field(ref rest));
        var options = Text(Field(ref rest));
        var optional = OptionalFields(ref rest, line);
        var type = Text(Field(ref rest));
        var source = Text(Field(ref rest));
        var superOptions = Text(Field(ref rest));

        // A source may be empty (two spaces in a row); a type or a mount point may not.
        if (mountPoint.Length == 0 || type.Length == 0)
            throw Malformed(line);

        return new(mountId, parentId, device, root, mountPoint, options, optional, type, source, superOptions);
    }

    static string OptionalFields(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> line)
    {
        var fields = new List<string>();
        while (!rest.IsEmpty)
        {
            var field = Field(ref rest);
            if (field is [(byte)'-'])
                return string.Join(' ', fields);

            fields.Add(Text(field));
        }

        throw Malformed(line);
    }

    static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)' ');
        var field = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return field;
    }

    static int Number(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> line)
    {
        var field = Field(ref rest);
        return Utf8Parser.TryParse(field, out int value, out var used) && used == field.Length ? value : throw Malformed(line);
    }

    static DeviceNumber Device(ReadOnlySpan<byte> field, ReadOnlySpan<byte> line)
    {
        var colon = field.IndexOf((byte)':');
        if (colon > 0
            && Utf8Parser.TryParse(field[..colon], out uint major, out var used) && used == colon
            && Utf8Parser.TryParse(field[(colon + 1)..], out uint minor, out used) && used == field.Length - colon - 1)
            return new(major, minor);

        throw Malformed(line);
    }

    // The kernel writes space, tab, newline, backslash and '#' as a backslash and three octal digits (mangle(), fs/proc_namespace.c).
    static string Text(ReadOnlySpan<byte> field)
    {
        if (!field.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(field);

        var bytes = new byte[field.Length];
        var length = 0;
        for (var at = 0; at < field.Length; at++)
        {
            if (TryOctal(field[at..], out bytes[length]))
                at += 3;
            else
                bytes[length] = field[at];

            length++;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    static bool TryOctal(ReadOnlySpan<byte> text, out byte value)
    {
        value = 0;
        if (text is not [(byte)'\\', >= (byte)'0' and <= (byte)'3', >= (byte)'0' and <= (byte)'7', >= (byte)'0' and <= (byte)'7', ..])
            return false;

        value = (byte)(((text[1] - '0') << 6) | ((text[2] - '0') << 3) | (text[3] - '0'));
        return true;
    }

    static FormatException Malformed(ReadOnlySpan<byte> line) =>
        new($"{Source}: not a line of mountinfo: \"{Encoding.UTF8.GetString(line)}\"");

    static bool IsListed(string path)
    {
        var full = Path.GetFullPath(path);
        return Read().Any(m => string.Equals(m.MountPoint, full, StringComparison.Ordinal));
    }
}
