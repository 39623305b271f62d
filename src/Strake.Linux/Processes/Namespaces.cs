namespace Strake.Linux;

/// <summary>Kinds of namespaces (<c>namespaces(7)</c>) and of what threads share (CLONE_*).</summary>
[Flags]
public enum Namespaces
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>CLONE_FILES: the table of descriptors (unshare only).</summary>
    Files = 0x400,

    /// <summary>CLONE_FS: root, working directory, umask (unshare only).</summary>
    FileSystem = 0x200,

    /// <summary>CLONE_NEWTIME.</summary>
    Time = 0x80,

    /// <summary>CLONE_NEWNS.</summary>
    Mount = 0x20000,

    /// <summary>CLONE_NEWCGROUP.</summary>
    ControlGroup = 0x2000000,

    /// <summary>CLONE_NEWUTS: host name.</summary>
    Uts = 0x4000000,

    /// <summary>CLONE_NEWIPC.</summary>
    Ipc = 0x8000000,

    /// <summary>CLONE_NEWUSER.</summary>
    User = 0x10000000,

    /// <summary>CLONE_NEWPID.</summary>
    Pid = 0x20000000,

    /// <summary>CLONE_NEWNET.</summary>
    Network = 0x40000000,
}
