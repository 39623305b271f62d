using System.Globalization;
using Strake.Linux;

namespace Strake.Layers;

/// <summary>A thin pool on two sparse files, for trying out: each write goes through two file systems.</summary>
/// <remarks>
/// <code>
/// &lt;data-root&gt;/devicemapper/pool/
///   data                      the pool's blocks
///   metadata                  which block is whose; the kernel's own format (thin_dump shows it)
/// </code>
/// </remarks>
static class LoopPool
{
    // 64 KiB: the least that a pool takes. Smaller blocks waste less when a file in the middle of a layer changes.
    const int BlockSectors = 128;

    /// <summary>Makes the pool active, and its files if there are none.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="name">The pool's name.</param>
    /// <param name="options">How large the files are; larger than before makes them grow.</param>
    public static ThinPool Open(string folder, string name, DeviceMapperOptions options)
    {
        Syscall.TryMkdirAt(Syscall.WorkingDirectory, PathBytes.Encode(folder), Permissions.Octal0700);
        if (DeviceMapper.Find(name) is null)
        {
            using var metadata = Attach(Path.Combine(folder, "metadata"), options.LoopMetadataBytes, out _);
            using var data = Attach(Path.Combine(folder, "data"), options.LoopDataBytes, out var bytes);
            // A full pool lets writes fail: whoever writes then learns it, where by default he would hang.
            DeviceMapper.TryCreate(name, new DeviceTarget(
                bytes / DeviceTarget.SectorSize / BlockSectors * BlockSectors,
                "thin-pool",
                string.Create(CultureInfo.InvariantCulture, $"{metadata.Path} {data.Path} {BlockSectors} 0 1 error_if_no_space")));
        }

        return ThinPool.Open(name);
    }

    // The device lets go of its file when the pool, its only user, is gone.
    static LoopDevice Attach(string path, long atLeast, out long bytes)
    {
        using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = Permissions.Octal0600 }))
        {
            if (file.Length < atLeast) file.SetLength(atLeast);
            bytes = file.Length;
        }

        return LoopDevice.FindFor(path) ?? LoopDevice.Attach(path, new LoopOptions { IsAutoclear = true, IsDirect = true });
    }
}
