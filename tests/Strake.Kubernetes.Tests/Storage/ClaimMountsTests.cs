using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Records;
using Strake.Volumes;
using static Strake.Kubernetes.Tests.Storage.StorageFixture;
using VolumeUse = Strake.Kubernetes.Pods.VolumeUse;

namespace Strake.Kubernetes.Tests.Storage;

public sealed class ClaimMountsTests
{
    [Fact]
    public async Task What_one_pod_writes_the_next_one_reads()
    {
        await using StorageFixture fixture = await OpenAsync();
        PersistentVolume volume = await MakeAsync(fixture);
        ClaimMount first = await fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel);
        await File.WriteAllTextAsync(Path.Combine(first.Path, "file"), "text", Cancel);
        Assert.Equal(first, await fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel));
        await fixture.Storage.Mounts.ReleaseAsync(volume, Use("one"), Cancel);
        await fixture.Storage.Mounts.ReleaseAsync(volume, Use("one"), Cancel);
        ClaimMount second = await fixture.Storage.Mounts.MountAsync(volume, Use("two"), Cancel);
        Assert.Equal("text", await File.ReadAllTextAsync(Path.Combine(second.Path, "file"), Cancel));
    }

    [Fact]
    public async Task Of_one_pod_alone_another_pod_is_refused_until_it_is_gone()
    {
        await using StorageFixture fixture = await OpenAsync();
        PersistentVolume volume = await MakeAsync(fixture, AccessModes.ReadWriteOncePod);
        await fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel);
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => fixture.Storage.Mounts.MountAsync(volume, Use("two"), Cancel).AsTask());
        Assert.Equal(ErrorKind.InUse, refused.Kind);
        Assert.Contains("volume uses the ReadWriteOncePod access mode and is already in use by pod default/one", refused.Message, StringComparison.Ordinal);
        await fixture.Storage.Mounts.ReleaseAsync(volume, Use("one"), Cancel);
        await fixture.Storage.Mounts.MountAsync(volume, Use("two"), Cancel);
    }

    [Fact]
    public async Task Of_one_pod_alone_a_container_counts_as_a_pod_does()
    {
        await using StorageFixture fixture = await OpenAsync();
        PersistentVolume volume = await MakeAsync(fixture, AccessModes.ReadWriteOncePod);
        await fixture.Volumes.Uses.AttachAsync("default.data", new Attachment("container/4f2a", "/data", ReadOnly: false), Cancel);
        await fixture.Volumes.Uses.MountAsync("default.data", "container/4f2a", Cancel);
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel).AsTask());
        Assert.Contains("container 4f2a", refused.Message, StringComparison.Ordinal);
        await fixture.Volumes.Uses.UnmountAsync("default.data", "container/4f2a", Cancel);
        await fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel);
        await Assert.ThrowsAsync<StrakeException>(() => fixture.Volumes.Uses.MountAsync("default.data", "container/4f2a", Cancel));
    }

    [Fact]
    public async Task Who_was_refused_does_not_keep_the_volume_from_being_deleted()
    {
        await using StorageFixture fixture = await OpenAsync();
        PersistentVolume volume = await MakeAsync(fixture, AccessModes.ReadWriteOncePod);
        await fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel);
        await Assert.ThrowsAsync<StrakeException>(() => fixture.Storage.Mounts.MountAsync(volume, Use("two"), Cancel).AsTask());
        await fixture.Storage.Mounts.ReleaseAsync(volume, Use("one"), Cancel);
        await fixture.Storage.DeleteAsync(volume, Cancel);
        Assert.Empty(await fixture.LeftoversAsync());
    }

    [Fact]
    public async Task For_readers_alone_a_pod_reads_and_a_container_that_would_write_is_refused()
    {
        await using StorageFixture fixture = await OpenAsync();
        PersistentVolume volume = await MakeAsync(fixture, AccessModes.ReadOnlyMany);
        Assert.True((await fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel)).ReadOnly);
        Assert.True((await fixture.Storage.Mounts.MountAsync(volume, Use("two"), Cancel)).ReadOnly);
        await fixture.Volumes.Uses.AttachAsync("default.data", new Attachment("container/4f2a", "/data", ReadOnly: false), Cancel);
        await Assert.ThrowsAsync<StrakeException>(() => fixture.Volumes.Uses.MountAsync("default.data", "container/4f2a", Cancel));
        await fixture.Volumes.Uses.AttachAsync("default.data", new Attachment("container/4f2a", "/data", ReadOnly: true), Cancel);
        await fixture.Volumes.Uses.MountAsync("default.data", "container/4f2a", Cancel);
    }

    [Fact]
    public async Task What_pods_had_that_are_no_more_is_given_back_after_a_restart()
    {
        await using StorageFixture fixture = await OpenAsync();
        PersistentVolume volume = await MakeAsync(fixture);
        await fixture.Storage.Mounts.MountAsync(volume, Use("gone"), Cancel);
        await fixture.Storage.Mounts.MountAsync(volume, Use("here"), Cancel);
        await fixture.ReopenAsync();
        Assert.Empty(await fixture.Storage.Mounts.ReconcileAsync(new HashSet<string> { "uid-here" }, Cancel));
        Assert.Equal(["claim/default/data", "pod/uid-here"], (await fixture.Volumes.Uses.OfAsync("default.data", Cancel)).Select(static use => use.Attachment.Holder));
    }

    [Theory]
    [InlineData("Directory", "is not a directory")]
    [InlineData("File", "is not a file")]
    [InlineData("Socket", "is not a socket file")]
    [InlineData("CharDevice", "is not a character device")]
    [InlineData("BlockDevice", "is not a block device")]
    public async Task A_path_of_the_host_must_be_what_its_type_says(string type, string why)
    {
        await using StorageFixture fixture = await OpenAsync();
        PersistentVolume volume = Given.Volume() with { Source = new VolumeSource("hostPath", Handle: fixture.MakeFolder("parent") + "/missing") { PathType = type } };
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel).AsTask());
        Assert.Contains($"hostPath type check failed: {volume.Source.Handle} {why}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DirectoryOrCreate", true)]
    [InlineData("FileOrCreate", false)]
    public async Task A_path_of_the_host_is_made_where_its_type_says_so(string type, bool isDirectory)
    {
        await using StorageFixture fixture = await OpenAsync();
        PersistentVolume volume = Given.Volume() with { Source = new VolumeSource("hostPath", Handle: fixture.MakeFolder("parent") + "/new") { PathType = type } };
        ClaimMount mount = await fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel);
        Assert.Equal(isDirectory, Directory.Exists(mount.Path));
        Assert.Equal(!isDirectory, File.Exists(mount.Path));
    }

    [Fact]
    public async Task A_local_volume_whose_path_is_missing_is_refused()
    {
        await using StorageFixture fixture = await OpenAsync();
        PersistentVolume volume = Given.Volume() with { Source = new VolumeSource("local", Handle: "/nowhere/at/all") };
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel).AsTask());
        Assert.Equal("local volume volume: path \"/nowhere/at/all\" does not exist", refused.Message);
    }

    [Fact]
    public async Task A_volume_that_somebody_elses_driver_has_says_what_is_missing()
    {
        await using StorageFixture fixture = await OpenAsync();
        PersistentVolume volume = Given.Volume() with { Source = new VolumeSource("flexVolume", "vendor/driver") };
        StrakeException refused = await Assert.ThrowsAsync<StrakeException>(() => fixture.Storage.Mounts.MountAsync(volume, Use("one"), Cancel).AsTask());
        Assert.Contains("FlexVolume driver vendor/driver is not supported", refused.Message, StringComparison.Ordinal);
    }

    static VolumeUse Use(string pod) => new($"uid-{pod}", new ObjectKey("default", pod));

    static async Task<PersistentVolume> MakeAsync(StorageFixture fixture, AccessModes modes = AccessModes.ReadWriteOnce)
    {
        ProvisionPlan plan = Plan(Claim(modes: modes));
        return VolumeOf(plan, await fixture.Storage.MakeAsync(plan, Cancel));
    }
}
