namespace Strake.Daemon.Configuration;

/// <summary>What values a setting takes.</summary>
public enum SettingKind
{
    /// <summary>One text; given twice, the later stands.</summary>
    Text,

    /// <summary>Yes or no; the flag alone says yes.</summary>
    Switch,

    /// <summary>A whole number; in the file, a number.</summary>
    Number,

    /// <summary>Several texts: the flag repeated, a list in the file.</summary>
    List,
}
