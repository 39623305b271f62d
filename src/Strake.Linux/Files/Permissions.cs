namespace Strake.Linux;

/// <summary>The modes that the engine gives to its own files and folders, in octal as people know them.</summary>
public static class Permissions
{
    /// <summary>A file for its owner alone.</summary>
    public const UnixFileMode Octal0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A file that its owner writes and everyone reads.</summary>
    public const UnixFileMode Octal0644 = Octal0600 | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>A socket for its owner and a group.</summary>
    public const UnixFileMode Octal0660 = Octal0600 | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>rw-rw-rw-</summary>
    public const UnixFileMode Octal0666 = Octal0660 | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>A folder for its owner alone.</summary>
    public const UnixFileMode Octal0700 = Octal0600 | UnixFileMode.UserExecute;

    /// <summary>A folder through which others may pass, without reading it.</summary>
    public const UnixFileMode Octal0711 = Octal0700 | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>A folder or program of everyone's, written by its owner.</summary>
    public const UnixFileMode Octal0755 = Octal0711 | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Everything to everyone.</summary>
    public const UnixFileMode Octal0777 = Octal0755 | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>As /tmp.</summary>
    public const UnixFileMode Octal1777 = Octal0777 | UnixFileMode.StickyBit;

    /// <summary>All twelve bits: what chmod can set.</summary>
    public const UnixFileMode Mask = Octal1777 | UnixFileMode.SetUser | UnixFileMode.SetGroup;
}
