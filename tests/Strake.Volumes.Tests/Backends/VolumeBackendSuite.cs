using Strake.Linux;

namespace Strake.Volumes.Tests.Backends;

/// <summary>What every backend of the driver local must do, on the file systems that it is for.</summary>
/// <param name="folder">Where its volumes lie.</param>
/// <param name="backend">Its name.</param>
public abstract class VolumeBackendSuite(string folder, string backend) : IDisposable
{
    /// <summary>One megabyte.</summary>
    protected const int Megabyte = 1 << 20;

    const string Holder = "container/one";

    static readonly VolumeName s_name = VolumeName.Parse("vol");
    static readonly VolumeName s_clone = VolumeName.Parse("clone");
    static readonly SnapshotName s_snapshot = SnapshotName.Parse("before");

    readonly LocalDriver driver = new(Path.Combine(folder, "volumes"));

    /// <summary>Whether it keeps volumes within a size.</summary>
    protected virtual bool LimitsSize => true;

    /// <summary>Whether it keeps volumes within a number of inodes.</summary>
    protected virtual bool LimitsInodes => true;

    /// <summary>Whether df shows the limit.</summary>
    protected virtual bool TellsLimits => true;

    /// <summary>What a write beyond the limit gets.</summary>
    protected virtual Errno Refused => Errno.ENOSPC;

    /// <summary>Whether a volume is a mount while it is used.</summary>
    protected virtual bool Mounts => false;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    string Root => Path.Combine(folder, "volumes");

    public void Dispose()
    {
        foreach (MountEntry mount in MountTable.Below(Root).Reverse())
            Syscall.TryUnmount(mount.MountPoint, UnmountFlags.Detach);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_written_is_there_at_the_next_mount_and_gone_with_the_volume()
    {
        string path = await CreateAsync();
        await File.WriteAllTextAsync($"{path}/file", "kept", Token);
        await driver.UnmountAsync(s_name, Holder, Token);
        Assert.False(MountTable.IsMountPoint(path));

        Assert.Equal(path, await driver.MountAsync(s_name, Holder, Token));
        Assert.Equal("kept", await File.ReadAllTextAsync($"{path}/file", Token));
        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.RemoveAsync(s_name, Token);

        Assert.Empty(driver.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
        Assert.Null(LoopDevice.FindFor($"{Root}/vol/image"));
    }

    [Fact]
    public async Task A_new_volume_is_empty_and_can_be_looked_into()
    {
        string path = await CreateAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
        Assert.Equal(Permissions.Octal0755, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task Every_call_can_be_repeated()
    {
        string path = await CreateAsync();
        await File.WriteAllTextAsync($"{path}/file", "kept", Token);
        await driver.CreateAsync(s_name, Options(), Token);
        await driver.MountAsync(s_name, Holder, Token);
        Assert.Equal("kept", await File.ReadAllTextAsync($"{path}/file", Token));
        Assert.True(MountTable.Below(path).Count <= 1);
        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.RemoveAsync(s_name, Token);
        await driver.RemoveAsync(s_name, Token);
    }

    [Fact]
    public async Task It_is_mounted_from_the_first_use_to_the_last()
    {
        string path = await CreateAsync();
        await driver.MountAsync(s_name, "container/two", Token);
        await driver.UnmountAsync(s_name, Holder, Token);
        Assert.Equal(Mounts, MountTable.IsMountPoint(path));
        await driver.UnmountAsync(s_name, "container/two", Token);
        Assert.False(MountTable.IsMountPoint(path));
    }

    [Fact]
    public async Task After_a_restart_it_stays_mounted_for_who_has_it_and_for_nobody_else()
    {
        string path = await CreateAsync();
        var restarted = new LocalDriver(Root);
        Assert.True(await restarted.ResumeAsync(s_name, [Holder], Token));
        Assert.Equal(Mounts, MountTable.IsMountPoint(path));
        await restarted.UnmountAsync(s_name, Holder, Token);
        Assert.False(MountTable.IsMountPoint(path));

        await restarted.MountAsync(s_name, Holder, Token);
        Assert.False(await new LocalDriver(Root).ResumeAsync(s_name, [], Token));
        Assert.False(MountTable.IsMountPoint(path));
    }

    [Fact]
    public async Task Owner_and_mode_of_its_root_are_as_asked()
    {
        string path = await CreateAsync(("uid", "1234"), ("gid", "2345"), ("mode", "2750"));
        FileStat stat = Syscall.StatAt(Syscall.WorkingDirectory, path);
        Assert.Equal((1234u, 2345u, (UnixFileMode)0b010_111_101_000), (stat.Uid, stat.Gid, stat.Mode));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(7)]
    public async Task A_size_can_be_filled_to_the_last_byte_and_not_beyond(int megabytes)
    {
        Assert.SkipUnless(LimitsSize, "the backend has no sizes");
        string path = await CreateAsync(("size", $"{megabytes}m"));
        long written = Write($"{path}/file", (megabytes * (long)Megabyte) + 1, out Errno refused);
        Assert.Equal(Refused, refused);
        // What a file system needs to find a file again is taken from the size where it counts that.
        Assert.InRange(written, (megabytes * (long)Megabyte) - Megabyte, megabytes * (long)Megabyte);
        await ResetAsync();
    }

    [Fact]
    public async Task Df_agrees_with_the_size()
    {
        Assert.SkipUnless(LimitsSize && TellsLimits, "the backend does not tell df");
        string path = await CreateAsync(("size", "64m"));
        FileSystemStat stat = Syscall.StatFs(path);
        Assert.InRange(stat.AvailableBytes, (64 * Megabyte) - 65536, 64 * Megabyte);
        Write($"{path}/file", 32 * Megabyte, out _);
        stat = Syscall.StatFs(path);
        Assert.InRange(stat.AvailableBytes, (32 * Megabyte) - 131072, 32 * Megabyte);
        VolumeSpace space = (await driver.SpaceAsync(s_name, Token))!;
        Assert.Equal(64 * Megabyte, space.LimitBytes);
        Assert.InRange(space.UsedBytes!.Value, 32 * Megabyte, 33 * Megabyte);
    }

    [Fact]
    public async Task A_volume_below_another_root_on_the_same_file_system_has_a_size_of_its_own()
    {
        Assert.SkipUnless(LimitsSize, "the backend has no sizes");
        Write($"{await CreateAsync(("size", "20m"))}/file", 15 * Megabyte, out _);
        var other = new LocalDriver(Path.Combine(folder, "others"));
        await other.CreateAsync(s_name, Options(("size", "20m")), Token);
        string path = await other.MountAsync(s_name, Holder, Token);
        Assert.Equal(15 * Megabyte, Write($"{path}/file", 15 * Megabyte, out Errno refused));
        Assert.Equal(Errno.None, refused);
        await other.UnmountAsync(s_name, Holder, Token);
        await other.RemoveAsync(s_name, Token);
    }

    [Fact]
    public async Task Resized_while_mounted_it_takes_more()
    {
        Assert.SkipUnless(LimitsSize, "the backend has no sizes");
        string path = await CreateAsync(("size", "20m"));
        long first = Write($"{path}/file", 64 * Megabyte, out _);
        await driver.ResizeAsync(s_name, "40m", Token);
        await driver.ResizeAsync(s_name, "40m", Token);
        long second = Write($"{path}/more", 64 * Megabyte, out Errno refused);
        Assert.NotEqual(Errno.None, refused);
        Assert.InRange(first + second, 38L * Megabyte, 40L * Megabyte);
        Assert.Equal("40m", driver.OptionsOf(s_name)["size"]);

        // As after a restart of the machine.
        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.MountAsync(s_name, Holder, Token);
        Assert.Equal(first, new FileInfo($"{path}/file").Length);
        File.Delete($"{path}/more");
        Assert.InRange(Write($"{path}/again", 64 * Megabyte, out _), 18L * Megabyte, 20L * Megabyte);
    }

    [Fact]
    public async Task Resized_while_nobody_has_it_it_grows_to_any_size()
    {
        Assert.SkipUnless(LimitsSize, "the backend has no sizes");
        string path = await CreateAsync(("size", "10m"));
        long first = Write($"{path}/file", 64 * Megabyte, out _);
        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.ResizeAsync(s_name, "90m", Token);
        await driver.MountAsync(s_name, Holder, Token);
        Assert.Equal(first, new FileInfo($"{path}/file").Length);
        Assert.InRange(first + Write($"{path}/more", 128 * Megabyte, out _), 88L * Megabyte, 90L * Megabyte);
    }

    [Fact]
    public async Task It_shrinks_while_nobody_has_it_and_not_below_what_it_holds()
    {
        Assert.SkipUnless(LimitsSize, "the backend has no sizes");
        string path = await CreateAsync(("size", "60m"));
        long written = Write($"{path}/file", 20 * Megabyte, out _);
        await driver.UnmountAsync(s_name, Holder, Token);
        await Assert.ThrowsAsync<StrakeException>(() => driver.ResizeAsync(s_name, "10m", Token));
        await driver.ResizeAsync(s_name, "30m", Token);
        await driver.MountAsync(s_name, Holder, Token);
        Assert.Equal(written, new FileInfo($"{path}/file").Length);
        Assert.InRange(written + Write($"{path}/more", 64 * Megabyte, out _), 28L * Megabyte, 30L * Megabyte);
    }

    [Fact]
    public async Task A_number_of_inodes_is_kept()
    {
        Assert.SkipUnless(LimitsInodes, "the backend has no limit for inodes");
        string path = await CreateAsync(("size", "20m"), ("inodes", "100"));
        int made = MakeFiles(path, 1000, out Errno refused);
        Assert.Equal(Refused, refused);
        // A file system has as many as fill whole blocks; some count the volume's root.
        Assert.InRange(made, 99, 132);
    }

    [Fact]
    public async Task Without_limits_there_is_nothing_to_resize()
    {
        Assert.SkipUnless(!LimitsSize, "the backend has sizes");
        await CreateAsync();
        Assert.Equal(ErrorKind.NotSupported, (await Assert.ThrowsAsync<StrakeException>(() => driver.ResizeAsync(s_name, "10m", Token))).Kind);
    }

    [Fact]
    public async Task A_snapshot_keeps_what_there_was_and_a_rollback_brings_it_back()
    {
        string path = await CreateAsync();
        await File.WriteAllTextAsync($"{path}/file", "old", Token);
        File.SetUnixFileMode($"{path}/file", Permissions.Octal0600);
        await driver.SnapshotAsync(s_name, s_snapshot, Token);
        await File.WriteAllTextAsync($"{path}/file", "new", Token);
        await File.WriteAllTextAsync($"{path}/more", "new", Token);
        Assert.Equal(s_snapshot, Assert.Single(driver.SnapshotsOf(s_name)).Name);

        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.RollBackAsync(s_name, s_snapshot, Token);
        await driver.SettleAsync(s_name);
        await driver.MountAsync(s_name, Holder, Token);
        Assert.Equal("old", await File.ReadAllTextAsync($"{path}/file", Token));
        Assert.Equal(Permissions.Octal0600, File.GetUnixFileMode($"{path}/file"));
        Assert.False(File.Exists($"{path}/more"));

        // What is written since is not in the snapshot, which stays.
        await File.WriteAllTextAsync($"{path}/file", "newer", Token);
        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.RollBackAsync(s_name, s_snapshot, Token);
        await driver.MountAsync(s_name, Holder, Token);
        Assert.Equal("old", await File.ReadAllTextAsync($"{path}/file", Token));
        await AssertGoneWithoutRestAsync();
    }

    [Fact]
    public async Task A_clone_is_a_volume_of_its_own_with_the_size_of_its_original()
    {
        string path = await CreateAsync();
        await File.WriteAllTextAsync($"{path}/file", "old", Token);
        await driver.SnapshotAsync(s_name, s_snapshot, Token);
        await File.WriteAllTextAsync($"{path}/file", "new", Token);
        await driver.CloneAsync(s_name, snapshot: null, s_clone, options: null, Token);
        await driver.CloneAsync(s_name, snapshot: null, s_clone, options: null, Token);
        Assert.Equal("new", await ReadCloneAsync());
        await driver.RemoveAsync(s_clone, Token);
        await driver.CloneAsync(s_name, s_snapshot, s_clone, options: null, Token);
        Assert.Equal("old", await ReadCloneAsync());
        Assert.Equal(driver.OptionsOf(s_name), driver.OptionsOf(s_clone));
        Assert.Equal("new", await File.ReadAllTextAsync($"{path}/file", Token));

        string clone = await driver.MountAsync(s_clone, Holder, Token);
        await File.WriteAllTextAsync($"{clone}/file", "cloned", Token);
        Assert.Equal("new", await File.ReadAllTextAsync($"{path}/file", Token));
        if (LimitsSize)
            Assert.InRange(Write($"{clone}/full", 64 * Megabyte, out _), 18L * Megabyte, 20L * Megabyte);
        await driver.UnmountAsync(s_clone, Holder, Token);
        await driver.RemoveAsync(s_clone, Token);
        await AssertGoneWithoutRestAsync();
    }

    [Fact]
    public async Task A_snapshot_that_is_removed_leaves_nothing_and_its_volume_as_it_is()
    {
        string path = await CreateAsync();
        await File.WriteAllTextAsync($"{path}/file", "kept", Token);
        await driver.SnapshotAsync(s_name, s_snapshot, Token);
        await driver.RemoveSnapshotAsync(s_name, s_snapshot, Token);
        await driver.RemoveSnapshotAsync(s_name, s_snapshot, Token);
        Assert.Empty(driver.SnapshotsOf(s_name));
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{Root}/vol/snapshots"));
        Assert.Equal("kept", await File.ReadAllTextAsync($"{path}/file", Token));
        if (LimitsSize)
            Assert.InRange(Write($"{path}/full", 64 * Megabyte, out _), 18L * Megabyte, 20L * Megabyte);
    }

    [Fact]
    public async Task A_rollback_gives_back_the_size()
    {
        Assert.SkipUnless(LimitsSize, "the backend has no sizes");
        string path = await CreateAsync(("size", "20m"));
        await driver.SnapshotAsync(s_name, s_snapshot, Token);
        await driver.ResizeAsync(s_name, "40m", Token);
        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.RollBackAsync(s_name, s_snapshot, Token);
        Assert.Equal("20m", driver.OptionsOf(s_name)["size"]);
        await driver.MountAsync(s_name, Holder, Token);
        Assert.InRange(Write($"{path}/file", 64 * Megabyte, out _), 18L * Megabyte, 20L * Megabyte);
    }

    [Fact]
    public async Task A_copy_of_one_moment_is_whole_while_somebody_writes()
    {
        string path = await CreateAsync();
        Assert.SkipUnless(driver.CopiesOneMoment(s_name), "the backend's copies are not of one moment");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var begun = new TaskCompletionSource();
        // The second file is always one behind the first, or equal.
        Task writer = Task.Run(
            () =>
            {
                for (int turn = 1; !stop.IsCancellationRequested; turn++)
                {
                    File.WriteAllText($"{path}/first", $"{turn:D9}");
                    File.WriteAllText($"{path}/second", $"{turn:D9}");
                    begun.TrySetResult();
                }
            },
            Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await driver.CloneAsync(s_name, snapshot: null, s_clone, options: null, Token);
        await stop.CancelAsync();
        await writer;
        string clone = await driver.MountAsync(s_clone, Holder, Token);
        Assert.True(new FileInfo($"{clone}/first").Length is 9 or 0);
        await driver.UnmountAsync(s_clone, Holder, Token);
        await driver.RemoveAsync(s_clone, Token);
    }

    [Fact]
    public async Task A_clone_that_nobody_has_mounted_yet_gets_another_size()
    {
        Assert.SkipUnless(LimitsSize, "the backend keeps no sizes");
        string path = await CreateAsync();
        await File.WriteAllTextAsync($"{path}/file", "kept", Token);
        await driver.SnapshotAsync(s_name, s_snapshot, Token);
        await driver.CloneAsync(s_name, s_snapshot, s_clone, options: null, Token);
        await driver.ResizeAsync(s_clone, "40m", Token);
        Assert.Equal("kept", await ReadCloneAsync());
        await driver.RemoveAsync(s_clone, Token);
    }

    [Fact]
    public async Task A_volume_that_is_renamed_keeps_all_that_it_has()
    {
        string path = await CreateAsync();
        await File.WriteAllTextAsync($"{path}/file", "kept", Token);
        await driver.SnapshotAsync(s_name, s_snapshot, Token);
        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.RenameAsync(s_name, s_clone);
        await driver.RenameAsync(s_name, s_clone);
        Assert.Equal(["clone"], driver.List());
        Assert.Equal("kept", await ReadCloneAsync());
        Assert.Single(driver.SnapshotsOf(s_clone));
        await driver.RemoveAsync(s_clone, Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    async Task<string> ReadCloneAsync()
    {
        string path = await driver.MountAsync(s_clone, "container/clone", Token);
        string text = await File.ReadAllTextAsync($"{path}/file", Token);
        await driver.UnmountAsync(s_clone, "container/clone", Token);
        return text;
    }

    async Task AssertGoneWithoutRestAsync()
    {
        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.RemoveAsync(s_name, Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Root));
    }

    Dictionary<string, string> Options(params (string Name, string Value)[] more)
    {
        var options = more.ToDictionary(static one => one.Name, static one => one.Value);
        options["backend"] = backend;
        if (LimitsSize)
            options.TryAdd("size", "20m");
        return options;
    }

    async Task<string> CreateAsync(params (string Name, string Value)[] options)
    {
        await ResetAsync();
        Dictionary<string, string> all = Options(options);
        driver.Validate(all);
        await driver.CreateAsync(s_name, all, Token);
        return await driver.MountAsync(s_name, Holder, Token);
    }

    async Task ResetAsync()
    {
        await driver.UnmountAsync(s_name, Holder, Token);
        await driver.RemoveAsync(s_name, Token);
    }

    /// <summary>Makes empty files until it is told that there are no more.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="refused">What it was told; None: they were all made.</param>
    /// <returns>How many were made.</returns>
    protected virtual int MakeFiles(string path, int most, out Errno refused)
    {
        refused = Errno.None;
        for (int made = 0; made < most; made++)
        {
            try
            {
                File.Create($"{path}/{made}").Dispose();
            }
            catch (IOException e)
            {
                refused = Told(e.Message);
                return made;
            }
        }

        return most;
    }

    /// <summary>Writes a file as a program does that goes on until it is told that there is no more; then byte by byte.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">How many bytes at most.</param>
    /// <param name="refused">What it was told; None: all was written.</param>
    /// <returns>How many bytes the file has.</returns>
    protected virtual long Write(string path, long most, out Errno refused)
    {
        using var file = Syscall.Open(path, OpenFlags.WriteOnly | OpenFlags.Create, Permissions.Octal0644);
        byte[] block = new byte[Megabyte];
        System.Security.Cryptography.RandomNumberGenerator.Fill(block);
        long written = 0;
        int chunk = block.Length;
        refused = Errno.None;
        while (written < most)
        {
            int length = (int)Math.Min(chunk, most - written);
            try
            {
                RandomAccess.Write(file, block.AsSpan(0, length), written);
                Syscall.FSync(file);
                written += length;
            }
            catch (IOException e)
            {
                refused = e is LinuxException own ? own.Errno : Told(e.Message);
                written = Syscall.Stat(file).SizeBytes;
                if (chunk == 1)
                    break;
                chunk = chunk > 4096 ? 4096 : 1;
            }
        }

        return written;
    }

    /// <summary>The error that a message in words is of; the framework and programs have no numbers.</summary>
    protected static Errno Told(string words) =>
        words.Contains("quota", StringComparison.OrdinalIgnoreCase) ? Errno.EDQUOT
        : words.Contains("No space", StringComparison.OrdinalIgnoreCase) || words.Contains("full", StringComparison.OrdinalIgnoreCase) ? Errno.ENOSPC
        : throw new InvalidOperationException(words);
}
