using System.Text;

namespace Strake.Containers.Spec;

/// <summary>Reads group(5). Lines that are not in the format are passed over, as the C library does.</summary>
static class GroupFile
{
    /// <summary>The number of the first group whose name is the text or whose number is the number.</summary>
    /// <param name="content">The file.</param>
    /// <param name="name">The name.</param>
    /// <param name="gid">The number; null: only the name counts.</param>
    public static uint? Find(ReadOnlySpan<byte> content, string name, uint? gid)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(name);
        foreach (Range range in content.Split((byte)'\n'))
        {
            if (TryParse(content[range], out ReadOnlySpan<byte> found, out uint number, out _)
                && (found.SequenceEqual(wanted) || number == gid))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>The groups that list a user.</summary>
    /// <param name="content">The file.</param>
    /// <param name="user">The user's name.</param>
    public static SortedSet<uint> MembershipsOf(ReadOnlySpan<byte> content, string user)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(user);
        SortedSet<uint> groups = [];
        foreach (Range range in content.Split((byte)'\n'))
        {
            if (TryParse(content[range], out _, out uint number, out ReadOnlySpan<byte> members) && Lists(members, wanted))
                groups.Add(number);
        }

        return groups;
    }

    // group(5): group_name:password:GID:user_list
    //           (1)        (2)      (3) (4)
    static bool TryParse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out uint gid, out ReadOnlySpan<byte> members)
    {
        ReadOnlySpan<byte> rest = line.Trim(" \t\r"u8);
        name = Colons.Next(ref rest);
        Colons.Next(ref rest);
        ReadOnlySpan<byte> number = Colons.Next(ref rest);
        members = Colons.Next(ref rest);
        return Colons.TryNumber(number, out gid) && !name.IsEmpty;
    }

    static bool Lists(ReadOnlySpan<byte> members, ReadOnlySpan<byte> user)
    {
        foreach (Range range in members.Split((byte)','))
        {
            if (members[range].SequenceEqual(user))
                return true;
        }

        return false;
    }
}
