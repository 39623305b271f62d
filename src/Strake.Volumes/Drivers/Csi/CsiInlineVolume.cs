namespace Strake.Volumes;

/// <summary>A volume that a driver makes where it is published, for one user, and that goes with it.</summary>
/// <param name="Handle">What the driver is to call it; nobody else's.</param>
/// <param name="Target">Where it is to be: absolute, in a directory that is there.</param>
public sealed record CsiInlineVolume(string Handle, string Target)
{
    /// <summary>The file system; empty: the driver's choice.</summary>
    public string FsType { get; init; } = "";

    /// <summary>Whether it can only be read.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The group that its files are to belong to, where the driver sees to that; empty: nobody asked.</summary>
    public string Group { get; init; } = "";

    /// <summary>What the driver is told of it.</summary>
    public IReadOnlyDictionary<string, string> Context { get; init; } = new Dictionary<string, string>();

    /// <summary>What it must know and nobody else.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();
}
