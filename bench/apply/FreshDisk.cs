namespace Strake.Bench.Apply;

/// <summary>
/// A new ext4 in a file, mounted. Each measurement gets its own: on a file system from which a tree was deleted, ext4 looks for inodes
/// that were freed a moment ago and spends seconds on it, which would be measured instead.
/// </summary>
sealed class FreshDisk : IDisposable
{
    const string SizeBytes = "3G";

    readonly string _folder;

    public FreshDisk(string folder)
    {
        _folder = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        Target = Path.Combine(_folder, "mnt");
        Shell.Run($"mkdir -p {Target}; truncate -s {SizeBytes} {_folder}/disk; mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 {_folder}/disk; mount -o loop {_folder}/disk {Target}; mkdir {Target}/layer; sync -f {Target}");
    }

    public string Target { get; }

    public string Layer => Path.Combine(Target, "layer");

    public void Dispose() => Shell.Run($"umount {Target}; rm -r {_folder}");
}
