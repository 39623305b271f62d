using Strake.Linux;

namespace Strake.Conformance.FileSystems;

/// <summary>A new pool of ZFS, on a file, where the kernel has that.</summary>
public sealed class Zfs() : ScratchFileSystem("zfs", 4L << 30, File.Exists("/dev/zfs") ? null : "this kernel has no ZFS")
{
    /// <summary>The pool's name.</summary>
    public string Pool { get; } = "strake-test-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());

    /// <inheritdoc/>
    protected override MountScope Make(string image)
    {
        Run("zpool", "create", "-f", "-O", $"mountpoint={Root}", Pool, image);
        return new MountScope(Root);
    }

    /// <inheritdoc/>
    protected override void TakeDown()
    {
        base.TakeDown();
        Run("zpool", "destroy", "-f", Pool);
    }
}
