namespace Strake.Linux;

/// <summary>
/// A mount that lasts as long as the scope: disposing detaches it (MNT_DETACH), so that nothing is left in the tree even while a process still
/// uses it. <see cref="Release"/> hands the mount to whoever unmounts it by its path later.
/// </summary>
public sealed class MountScope : IDisposable
{
    bool owned = true;

    /// <summary>Takes over a mount that is there.</summary>
    /// <param name="target">Where it is mounted.</param>
    public MountScope(string target) => Target = target;

    /// <summary>Where it is mounted.</summary>
    public string Target { get; }

    /// <summary>Leaves the mount to the caller; disposing does nothing then.</summary>
    /// <returns>Where it is mounted.</returns>
    public string Release()
    {
        owned = false;
        return Target;
    }

    /// <summary>Detaches the mount; one that is gone already is fine. Can be repeated.</summary>
    /// <exception cref="LinuxException">The mount cannot be taken off (EPERM).</exception>
    public void Dispose()
    {
        if (!owned)
            return;

        owned = false;
        Syscall.TryUnmount(Target, UnmountFlags.Detach | UnmountFlags.NoFollow);
    }
}
