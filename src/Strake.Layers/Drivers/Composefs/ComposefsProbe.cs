using Strake.Linux;

namespace Strake.Layers;

/// <summary>
/// Tries the driver in a corner of its own directory: a sealed layer, one above it, and whether the content and the removal of it are seen. Nothing
/// is left, also of a try that a crash cut short.
/// </summary>
static class ComposefsProbe
{
    /// <summary>Tries it once.</summary>
    /// <param name="home">The driver's directory.</param>
    /// <exception cref="StrakeException">Unavailable: it does not work here; says what and the way out.</exception>
    public static void Run(string home)
    {
        var corner = Path.Combine(home, "probe");
        try
        {
            Clear(corner);
            try
            {
                Syscall.MkdirAt(Syscall.WorkingDirectory, corner, Permissions.Octal0700);
                using var driver = new ComposefsDriver(corner);
                Try(driver, Path.Combine(corner, "target"));
            }
            finally
            {
                Clear(corner);
            }
        }
        catch (Exception e) when (e is StrakeException or IOException)
        {
            throw StrakeException.Unavailable(
                $"composefs: cannot work in {home}, which is on {FileSystem.TypeOf(home)}: {e.Message}; it needs Linux 6.12 with EROFS, overlayfs, and a data root "
                + "on ext4, xfs or btrfs. Choose overlay2 otherwise",
                e);
        }
    }

    static void Try(ComposefsDriver driver, string target)
    {
        driver.Prepare();
        Syscall.MkdirAt(Syscall.WorkingDirectory, target, Permissions.Octal0700);
        var (below, above) = (LayerId.New(), LayerId.New());
        driver.Create(below, []);
        File.WriteAllText(Path.Combine(driver.Content(below).Directory, "kept"), "content");
        File.WriteAllText(Path.Combine(driver.Content(below).Directory, "removed"), "content");
        driver.Seal([below]);
        driver.Create(above, [below]);
        Within(driver.Mounts(above, [below], LayerAccess.ReadWrite, target), () => File.Delete(Path.Combine(target, "removed")));
        driver.Seal([above]);
        Within(driver.Mounts(above, [below], LayerAccess.ReadOnly, target), () =>
        {
            if (File.ReadAllText(Path.Combine(target, "kept")) != "content" || File.Exists(Path.Combine(target, "removed")))
                throw new IOException("a layer does not show what it holds");
        });
        driver.Remove(above);
        driver.Remove(below);
    }

    static void Within(IReadOnlyList<Mount> mounts, Action action)
    {
        var scopes = new Stack<MountScope>();
        try
        {
            foreach (var mount in mounts) scopes.Push(mount.Attach());
            action();
        }
        finally
        {
            while (scopes.TryPop(out var scope)) scope.Dispose();
        }
    }

    static void Clear(string corner)
    {
        foreach (var mount in MountTable.Below(corner).Reverse()) Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
        TreeRemoval.Remove(corner);
    }
}
