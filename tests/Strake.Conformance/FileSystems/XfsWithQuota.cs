using Strake.Linux;

namespace Strake.Conformance.FileSystems;

/// <summary>A new xfs that counts by projects, where the kernel does that.</summary>
public sealed class XfsWithQuota() : ScratchFileSystem("xfs", 1L << 30)
{
    /// <inheritdoc/>
    protected override MountScope? Make(string image)
    {
        Run("mkfs.xfs", "-q", image);
        using var device = LoopDevice.Attach(image, new LoopOptions { IsAutoclear = true });
        try
        {
            return new Mount("xfs", device.Path, Root, Data: "prjquota").Attach();
        }
        catch (LinuxException e) when (e.Errno == Errno.EINVAL)
        {
            Lack("this kernel's xfs has no quota");
            return null;
        }
    }
}
