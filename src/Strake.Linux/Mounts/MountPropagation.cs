namespace Strake.Linux;

/// <summary>Whether mounts made below a mount travel to its copies (<c>mount_namespaces(7)</c>).</summary>
public enum MountPropagation : ulong
{
    /// <summary>As it is.</summary>
    Unchanged = 0,

    /// <summary>Neither, and cannot be bound elsewhere.</summary>
    Unbindable = 0x20000,

    /// <summary>Neither sends nor receives.</summary>
    Private = 0x40000,

    /// <summary>Receives only.</summary>
    Slave = 0x80000,

    /// <summary>Sends and receives.</summary>
    Shared = 0x100000,
}
