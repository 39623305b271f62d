using Strake.Linux;

namespace Strake.Layers.Tests.Drivers;

/// <summary>The program, where this machine has it.</summary>
static class FuseOverlayfs
{
    /// <summary>Its path; skips the test where it is not installed.</summary>
    public static string Path
    {
        get
        {
            Assert.SkipUnless(File.Exists("/dev/fuse"), "this kernel has no FUSE");
            var path = HostProgram.Find("fuse-overlayfs");
            Assert.SkipWhen(path is null, "fuse-overlayfs is not installed");
            return path!;
        }
    }
}
