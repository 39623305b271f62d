using System.Buffers.Text;
using System.Text;

namespace Strake.Containers.Spec;

/// <summary>Reads passwd(5). Lines that are not in the format are passed over, as the C library does.</summary>
static class PasswdFile
{
    /// <summary>The first line whose name is the text or whose number is the number.</summary>
    /// <param name="content">The file.</param>
    /// <param name="name">The name.</param>
    /// <param name="uid">The number; null: only the name counts.</param>
    public static PasswdEntry? Find(ReadOnlySpan<byte> content, string name, uint? uid)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        foreach (Range range in content.Split((byte)'\n'))
        {
            if (Parse(content[range], wanted, uid) is { } entry)
                return entry;
        }

        return null;
    }

    // passwd(5): name:password:UID:GID:GECOS:directory:shell
    //            (1)  (2)      (3) (4) (5)   (6)       (7)
    static PasswdEntry? Parse(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, uint? uid)
    {
        ReadOnlySpan<byte> rest = line.Trim(" \t\r"u8);
        ReadOnlySpan<byte> foundName = Colons.Next(ref rest);
        Colons.Next(ref rest);
        ReadOnlySpan<byte> uidText = Colons.Next(ref rest);
        ReadOnlySpan<byte> gidText = Colons.Next(ref rest);
        Colons.Next(ref rest);
        ReadOnlySpan<byte> home = Colons.Next(ref rest);
        if (foundName.IsEmpty || !Colons.TryNumber(uidText, out uint foundUid) || !Colons.TryNumber(gidText, out uint gid))
            return null;
        return foundName.SequenceEqual(name) || foundUid == uid
            ? new PasswdEntry(Encoding.UTF8.GetString(foundName), foundUid, gid, Encoding.UTF8.GetString(home))
            : null;
    }
}
