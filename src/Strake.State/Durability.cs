namespace Strake.State;

/// <summary>
/// What a commit has survived when it returns. Either way it is atomic, later commits never become durable before earlier ones, and the
/// death of the process takes nothing back.
/// </summary>
public enum Durability
{
    /// <summary>It is on disk: a power cut loses nothing. The default.</summary>
    Synced,

    /// <summary>
    /// It is with the kernel: a power cut may lose it, together with what was committed after it. For records that a restart of the
    /// machine makes pointless anyway (that a process runs, an exit code just seen). Costs no wait for the disk.
    /// </summary>
    Eventual,
}
