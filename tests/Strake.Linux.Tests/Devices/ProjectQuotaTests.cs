namespace Strake.Linux.Tests;

public sealed class ProjectQuotaTests
{
    [Theory]
    [InlineData("xfs", 300)]
    [InlineData("ext4", 16)]
    public async Task A_limit_holds_for_all_that_is_made_in_the_directory(string type, int megabytes)
    {
        using var folder = new TemporaryDirectory();
        using var disk = await MakeAsync(folder, type, megabytes);
        Directory.CreateDirectory(Path.Combine(disk.Path, "limited"));
        using var directory = Syscall.Open(Path.Combine(disk.Path, "limited"), OpenFlags.Directory);

        ProjectQuota.SetProject(directory, 77);
        ProjectQuota.SetLimit(directory, 77, 1024 * 1024);
        Syscall.MkdirAt(directory, "below", Permissions.Octal0755);
        var file = Path.Combine(disk.Path, "limited/below/file");
        await File.WriteAllBytesAsync(file, new byte[512 * 1024], TestContext.Current.CancellationToken);

        using var below = Syscall.OpenAt(directory, "below", OpenFlags.Directory);
        Assert.Equal(77u, ProjectQuota.GetProject(below));
        Assert.ThrowsAny<IOException>(() =>
        {
            using var written = Syscall.Open(file, OpenFlags.ReadWrite);
            RandomAccess.Write(written, new byte[2 * 1024 * 1024], 0);
            Syscall.FSync(written);
        });
        var usage = ProjectQuota.Measure(directory, 77);
        Assert.Equal(1024 * 1024, usage.LimitBytes);
        Assert.InRange(usage.UsedBytes, 512 * 1024, 1024 * 1024);
        Assert.Equal(3, usage.UsedInodes);
        await File.WriteAllBytesAsync(Path.Combine(disk.Path, "free"), new byte[2 * 1024 * 1024], TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_file_system_without_project_quota_says_so()
    {
        using var folder = new TemporaryDirectory();
        using var mount = new Mount("tmpfs", "tmpfs", folder.MakeDirectory("t")).Attach();
        using var directory = folder.Open("t");

        Assert.Throws<LinuxException>(() => ProjectQuota.SetLimit(directory, 77, 1024 * 1024));
    }

    // A kernel may be built without the quota of a file system (CONFIG_XFS_QUOTA, CONFIG_QFMT_V2): it refuses the mount then.
    static async Task<FileSystemImage> MakeAsync(TemporaryDirectory folder, string type, int megabytes)
    {
        string[] options = type is "ext4" ? ["-O", "quota,project", "-E", "quotatype=prjquota"] : [];
        try
        {
            return await FileSystemImage.MakeAsync(folder, type, megabytes * 1024L * 1024, options, "prjquota");
        }
        catch (LinuxException e) when (string.Equals(e.Call, "mount", StringComparison.Ordinal))
        {
            Assert.Skip($"This kernel has no project quota on {type}.");
            throw;
        }
    }
}
