using System.Globalization;

namespace Strake.Containers.Mounts;

/// <summary>The mount options of a tmpfs.</summary>
static class TmpfsFlags
{
    // As in Docker, unless the user says the opposite.
    static readonly string[] Defaults = ["noexec", "nosuid", "nodev"];

    static readonly string[] Switches =
    [
        "rw", "ro", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "atime", "noatime", "diratime", "nodiratime", "relatime",
        "norelatime", "strictatime", "nostrictatime", "sync", "async", "dirsync", "remount", "mand", "nomand", "iversion",
        "noiversion", "private", "rprivate", "shared", "rshared", "slave", "rslave",
    ];

    static readonly string[] Values = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"];

    /// <summary>The options of <c>--tmpfs path:options</c>.</summary>
    /// <exception cref="StrakeException">Invalid: names the option.</exception>
    public static IReadOnlyList<string> Parse(string options)
    {
        string[] given = options.Split(',', StringSplitOptions.RemoveEmptyEntries);
        foreach (string option in given)
        {
            if (!Switches.Contains(option) && !Values.Contains(option.Split('=', 2)[0]))
                throw StrakeException.Invalid($"invalid tmpfs option \"{option.Split('=', 2)[0]}\"");
        }

        return Merge(given);
    }

    /// <summary>The options of <c>--mount type=tmpfs</c>.</summary>
    /// <exception cref="StrakeException">Invalid: names the option.</exception>
    public static IReadOnlyList<string> Of(bool readOnly, TmpfsOptions options)
    {
        List<string> given = readOnly ? ["ro"] : [];
        if (options.Mode != 0)
            given.Add("mode=" + Convert.ToString(options.Mode, 8));
        if (options.SizeBytes != 0)
            given.Add(string.Create(CultureInfo.InvariantCulture, $"size={options.SizeBytes}"));
        foreach (IReadOnlyList<string> words in options.Options ?? [])
            given.Add(string.Join('=', words));
        return Parse(string.Join(',', given));
    }

    // A later word takes the place of an earlier one that says the same or the opposite.
    static List<string> Merge(string[] given)
    {
        List<string> merged = [];
        foreach (string option in Defaults.Concat(given))
        {
            merged.RemoveAll(earlier => Subject(earlier) == Subject(option));
            merged.Add(option);
        }

        return merged;
    }

    static string Subject(string option) => option switch
    {
        "rw" or "ro" => "ro",
        "sync" or "async" => "sync",
        "dirsync" => option,
        _ when option.Contains('=', StringComparison.Ordinal) => option.Split('=', 2)[0],
        _ when option.StartsWith("no", StringComparison.Ordinal) => option[2..],
        _ => option,
    };
}
