using System.Globalization;

namespace Strake.Daemon.Composition;

/// <summary>The group that may use the daemon's sockets.</summary>
static class SocketGroup
{
    /// <summary>What is taken where the user says nothing, as with Docker: it exists where Docker was ever installed.</summary>
    const string Usual = "docker";

    /// <summary>Looks the group up.</summary>
    /// <param name="name">Name or number; null: the usual one, if it exists; empty: none.</param>
    /// <returns>The group's number; null: root alone may use the sockets.</returns>
    /// <exception cref="StrakeException">Invalid: there is no such group.</exception>
    public static uint? Find(string? name)
    {
        if (name is { Length: 0 }) return null;
        if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)) return number;
        return LookUp(name ?? Usual) ?? (name is null ? null : throw StrakeException.Invalid($"the setting group: there is no group {name}"));
    }

    // group_name:password:GID:user_list (group(5))
    static uint? LookUp(string name)
    {
        if (!File.Exists("/etc/group")) return null;
        foreach (string line in File.ReadLines("/etc/group"))
        {
            string[] fields = line.Split(':');
            bool found = fields.Length >= 3 && string.Equals(fields[0], name, StringComparison.Ordinal);
            if (found && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint gid)) return gid;
        }

        return null;
    }
}
