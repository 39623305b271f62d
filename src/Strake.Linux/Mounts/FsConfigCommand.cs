namespace Strake.Linux;

/// <summary>What fsconfig does to a mount context (FSCONFIG_*, <c>linux/mount.h</c>).</summary>
public enum FsConfigCommand : uint
{
    /// <summary>An option without a value.</summary>
    SetFlag = 0,

    /// <summary>An option with a text, at most 255 bytes.</summary>
    SetString = 1,

    /// <summary>An option with bytes.</summary>
    SetBinary = 2,

    /// <summary>An option with a path.</summary>
    SetPath = 3,

    /// <summary>An option with a path that may be empty.</summary>
    SetPathEmpty = 4,

    /// <summary>An option with an open file.</summary>
    SetDescriptor = 5,

    /// <summary>Make the file system.</summary>
    Create = 6,

    /// <summary>Change the file system.</summary>
    Reconfigure = 7,
}
