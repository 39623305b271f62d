namespace Strake.Containers.Mounts;

/// <summary>The third field of <c>-v source:target:mode</c>.</summary>
/// <remarks>Docker's grammar: each kind of word at most once; <c>z</c> and <c>Z</c> mean something only under SELinux.</remarks>
/// <param name="ReadOnly"><c>ro</c>.</param>
/// <param name="Propagation">Propagation; empty when not given.</param>
/// <param name="NoCopy"><c>nocopy</c>.</param>
sealed record MountMode(bool ReadOnly, string Propagation, bool NoCopy)
{
    /// <summary>Words that say how mounts spread between a bind's source and the container.</summary>
    public static readonly string[] Propagations = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];

    static readonly string[] Consistencies = ["default", "consistent", "cached", "delegated"];

    /// <summary>Parses a mode; null when it is none. Pure.</summary>
    /// <param name="text">Words between commas; empty is a mode.</param>
    public static MountMode? TryParse(string text)
    {
        if (text.Length == 0)
            return new MountMode(false, "", false);

        string access = "", label = "", propagation = "", copy = "", consistency = "";
        foreach (string word in text.Split(','))
        {
            bool once = word switch
            {
                "rw" or "ro" => Take(ref access, word),
                "z" or "Z" => Take(ref label, word),
                "nocopy" => Take(ref copy, word),
                _ when Propagations.Contains(word) => Take(ref propagation, word),
                _ when Consistencies.Contains(word) => Take(ref consistency, word),
                _ => false,
            };
            if (!once)
                return null;
        }

        return new MountMode(access == "ro", propagation, copy.Length > 0);
    }

    static bool Take(ref string slot, string word)
    {
        if (slot.Length > 0)
            return false;
        slot = word;
        return true;
    }
}
