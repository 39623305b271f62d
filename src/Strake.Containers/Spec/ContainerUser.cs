using System.Globalization;

namespace Strake.Containers.Spec;

/// <summary>Who a process in a container is.</summary>
/// <param name="Uid">User.</param>
/// <param name="Gid">Group.</param>
/// <param name="AdditionalGids">Further groups, ascending.</param>
/// <param name="Home">Home directory; <c>/</c> when unknown.</param>
sealed record ContainerUser(uint Uid, uint Gid, IReadOnlyList<uint> AdditionalGids, string Home)
{
    const uint Highest = int.MaxValue;
    const string OutOfRange = "uids and gids must be in range 0-2147483647";

    /// <summary>
    /// Resolves <c>user[:group]</c> as Docker does: names are looked up, a number need not be in the files; without a
    /// group the user's own is taken and with it all groups that list the user.
    /// </summary>
    /// <param name="text">Names or numbers; empty: root.</param>
    /// <param name="additional">Groups on top, by name or number.</param>
    /// <param name="passwd">The content of /etc/passwd; empty when there is none.</param>
    /// <param name="group">The content of /etc/group; empty when there is none.</param>
    /// <exception cref="StrakeException">Invalid: a name is not in the files, or a number is out of range.</exception>
    public static ContainerUser Resolve(string? text, IReadOnlyList<string> additional, ReadOnlySpan<byte> passwd, ReadOnlySpan<byte> group)
    {
        (string userText, string groupText) = Split(text ?? "");
        PasswdEntry entry = FindUser(userText, passwd);
        uint gid = entry.Gid;
        SortedSet<uint> more = [];
        if (groupText.Length > 0)
            gid = FindGroup(groupText, group);
        else if (entry.Name.Length > 0)
            more = GroupFile.MembershipsOf(group, entry.Name);

        foreach (string name in additional)
            more.Add(FindGroup(name, group));
        return new ContainerUser(entry.Uid, gid, [.. more], entry.Home.Length > 0 ? entry.Home : "/");
    }

    static (string User, string Group) Split(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
    }

    static PasswdEntry FindUser(string text, ReadOnlySpan<byte> passwd)
    {
        if (text.Length == 0)
            return PasswdFile.Find(passwd, "root", 0) ?? new PasswdEntry("", 0, 0, "");

        bool isNumber = TryNumber(text, out uint uid);
        if (PasswdFile.Find(passwd, text, isNumber ? uid : null) is { } entry)
            return entry.Uid <= Highest && entry.Gid <= Highest ? entry : throw StrakeException.Invalid(OutOfRange);
        return isNumber
            ? new PasswdEntry("", uid, 0, "")
            : throw StrakeException.Invalid($"unable to find user {text}: no matching entries in passwd file");
    }

    static uint FindGroup(string text, ReadOnlySpan<byte> group)
    {
        bool isNumber = TryNumber(text, out uint gid);
        if (GroupFile.Find(group, text, isNumber ? gid : null) is { } found)
            return found <= Highest ? found : throw StrakeException.Invalid(OutOfRange);
        return isNumber ? gid : throw StrakeException.Invalid($"unable to find group {text}: no matching entries in group file");
    }

    static bool TryNumber(string text, out uint number)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            number = 0;
            return false;
        }

        number = value is >= 0 and <= Highest ? (uint)value : throw StrakeException.Invalid(OutOfRange);
        return true;
    }
}
