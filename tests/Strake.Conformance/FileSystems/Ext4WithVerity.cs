using Strake.Linux;

namespace Strake.Conformance.FileSystems;

/// <summary>A new ext4 with fs-verity, where the kernel has that.</summary>
public sealed class Ext4WithVerity() : ScratchFileSystem("ext4", 1L << 30)
{
    /// <inheritdoc/>
    protected override MountScope? Make(string image)
    {
        Run("mkfs.ext4", "-q", "-O", "verity", image);
        using var device = LoopDevice.Attach(image, new LoopOptions { IsAutoclear = true });
        try
        {
            var mount = new Mount("ext4", device.Path, Root).Attach();
            if (File.Exists("/sys/fs/ext4/features/verity")) return mount;
            mount.Dispose();
        }
        catch (LinuxException e) when (e.Errno == Errno.EINVAL)
        {
            // The kernel does not know the feature.
        }

        Lack("this kernel's ext4 has no fs-verity");
        return null;
    }
}
