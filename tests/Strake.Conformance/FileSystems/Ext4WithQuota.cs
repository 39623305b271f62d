using Strake.Linux;

namespace Strake.Conformance.FileSystems;

/// <summary>A new ext4 that counts by projects, where the kernel does that.</summary>
public sealed class Ext4WithQuota() : ScratchFileSystem("ext4", 1L << 30)
{
    /// <inheritdoc/>
    protected override MountScope? Make(string image)
    {
        Run("mkfs.ext4", "-q", "-O", "quota,project", "-E", "quotatype=prjquota", image);
        using var device = LoopDevice.Attach(image, new LoopOptions { IsAutoclear = true });
        try
        {
            return new Mount("ext4", device.Path, Root, Data: "prjquota").Attach();
        }
        catch (LinuxException)
        {
            // Which error it is depends on which part the kernel lacks: ESRCH, EINVAL, EROFS.
            Lack("this kernel's ext4 has no project quota");
            return null;
        }
    }
}
