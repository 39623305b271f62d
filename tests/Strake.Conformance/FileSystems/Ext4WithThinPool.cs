using Strake.Linux;

namespace Strake.Conformance.FileSystems;

/// <summary>A new ext4, and beside it a thin pool on files, where the kernel has device-mapper.</summary>
public sealed class Ext4WithThinPool : ScratchFileSystem
{
    const long DataBytes = 8L << 30;
    const long MetadataBytes = 64L << 20;

    /// <summary>Makes both.</summary>
    public Ext4WithThinPool()
        : base("ext4", 1L << 30, DeviceMapper.IsAvailable ? null : "this kernel has no device-mapper")
    {
        if (!DeviceMapper.IsAvailable) return;
        using var metadata = Attach("metadata", MetadataBytes);
        using var data = Attach("data", DataBytes);
        Run("dmsetup", "create", Pool, "--table", $"0 {DataBytes / 512} thin-pool {metadata.Path} {data.Path} 128 0 1 error_if_no_space");
    }

    /// <summary>The pool's name.</summary>
    public string Pool { get; } = "strake-test-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());

    /// <inheritdoc/>
    protected override void TakeDown()
    {
        base.TakeDown();
        Run("dmsetup", "remove", "--retry", Pool);
    }

    LoopDevice Attach(string name, long bytes)
    {
        var path = Path.Combine(Workshop, name);
        using (var file = File.Create(path)) file.SetLength(bytes);
        return LoopDevice.Attach(path, new LoopOptions { IsAutoclear = true });
    }
}
