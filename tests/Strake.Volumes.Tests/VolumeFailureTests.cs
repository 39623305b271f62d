using System.Text;
using Strake.Linux;

namespace Strake.Volumes.Tests;

/// <summary>What becomes of a volume when the end of a step cannot be recorded, and the daemon goes on.</summary>
public sealed class VolumeFailureTests
{
    static readonly Attachment Use = new("container/c1", "/data", ReadOnly: false);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_after_a_filling_whose_end_was_not_recorded_survives_the_next_start()
    {
        await using var fixture = new VolumeFixture();
        await (await fixture.OpenAsync()).CreateAsync(new("data"), Token);

        // Commits: Ready, Filling, Ready.
        VolumeStore volumes = await fixture.OpenAsync(new StumblingStateStore(fixture.State, 3));
        await Assert.ThrowsAsync<StrakeException>(() => FillAsync(volumes, fixture));
        await volumes.Uses.AttachAsync("data", Use, Token);
        Assert.False(await FillAsync(volumes, fixture));
        await WriteAsync(await volumes.Uses.MountAsync("data", Use.Holder, Token));

        await fixture.OpenAsync();
        Assert.True(File.Exists(Path.Combine(fixture["data"], "written")));
        Assert.True(File.Exists(Path.Combine(fixture["data"], "sub", "file")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_another_container_writes_while_a_volume_is_filled_stays_whatever_becomes_of_the_filling(bool fails)
    {
        await using var fixture = new VolumeFixture();

        // Commits: Promised, Ready, Filling.
        string theirs = Path.Combine(fixture["data"], "theirs");
        VolumeStore volumes = await fixture.OpenAsync(
            new StumblingStateStore(fixture.State) { Committing = number => _ = number == 3 && Create(theirs) });
        await volumes.CreateAsync(new("data"), Token);
        if (fails)
        {
            using MountScope mount = new Mount("tmpfs", "tmpfs", Path.Combine(fixture.MakeSource(), "sub")).Attach();
            Assert.Equal(ErrorKind.Invalid, (await Assert.ThrowsAsync<StrakeException>(() => FillAsync(volumes, fixture))).Kind);
        }
        else
        {
            Assert.False(await FillAsync(volumes, fixture));
        }

        Assert.Equal([theirs], Directory.EnumerateFileSystemEntries(fixture["data"]));
        Assert.Equal([fixture["data"]], Directory.EnumerateFileSystemEntries(Path.Combine(fixture.Root, "data")));
        Assert.Empty(await volumes.CheckAsync(new HashSet<string>(), Token));
    }

    [Fact]
    public async Task A_volume_that_cannot_be_removed_does_not_end_a_prune_and_is_told_of()
    {
        await using var fixture = new VolumeFixture();
        foreach (string name in (string[])["aa", "bb", "cc"])
            await (await fixture.OpenAsync()).CreateAsync(new(name), Token);

        // Commits: aa's Removing, bb's.
        VolumeStore volumes = await fixture.OpenAsync(new StumblingStateStore(fixture.State, 2));
        VolumePruneReport report = await volumes.PruneAsync(static _ => true, Token);

        Assert.Equal(["aa", "cc"], report.Deleted);
        Assert.Contains("bb", Assert.Single(report.Failures), StringComparison.Ordinal);
        Assert.Equal("bb", Assert.Single(await volumes.ListAsync(Token)).Name);
    }

    [Fact]
    public async Task What_is_written_to_a_volume_whose_creation_failed_at_first_survives_the_next_start()
    {
        await using var fixture = new VolumeFixture();

        // Commits: Creating, Ready, and the first of taking it back.
        VolumeStore volumes = await fixture.OpenAsync(new StumblingStateStore(fixture.State, 2, 3));
        var atOnce = new VolumeRequest("data") { DriverOptions = new Dictionary<string, string> { ["backend"] = "dir" } };
        await Assert.ThrowsAsync<StrakeException>(() => volumes.CreateAsync(atOnce, Token));
        await volumes.CreateAsync(atOnce with { Attachment = Use }, Token);
        await WriteAsync(await volumes.Uses.MountAsync("data", Use.Holder, Token));

        await fixture.OpenAsync();
        Assert.True(File.Exists(Path.Combine(fixture["data"], "written")));
    }

    [Fact]
    public async Task A_volume_that_could_neither_be_placed_nor_taken_back_is_made_at_its_first_use()
    {
        await using var fixture = new VolumeFixture();

        // Commits: Promised, and the first of taking it back.
        VolumeStore volumes = await fixture.OpenAsync(new StumblingStateStore(fixture.State, 2));
        string inTheWay = Path.Combine(Directory.CreateDirectory(fixture.Root).FullName, "data");
        await File.WriteAllTextAsync(inTheWay, "", Token);
        await Assert.ThrowsAsync<StrakeException>(() => volumes.CreateAsync(new("data"), Token));
        File.Delete(inTheWay);
        await volumes.Uses.AttachAsync("data", Use, Token);
        await WriteAsync(await volumes.Uses.MountAsync("data", Use.Holder, Token));

        await fixture.OpenAsync();
        Assert.True(File.Exists(Path.Combine(fixture["data"], "written")));
    }

    [Fact]
    public async Task A_volume_whose_removal_did_not_finish_gets_no_users()
    {
        await using var fixture = new VolumeFixture();

        VolumeStore volumes = await fixture.OpenAsync();
        await volumes.CreateAsync(new("data"), Token);
        StateEntry record = (await fixture.State.GetAsync("volume/data", Token))!;
        string removing = Encoding.UTF8.GetString(record.Value.Span).Replace("Promised", "Removing", StringComparison.Ordinal);
        await fixture.State.CommitAsync(new StateTransaction().Put(record.Key, Encoding.UTF8.GetBytes(removing)), Token);

        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Uses.AttachAsync("data", Use, Token))).Kind);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Uses.MountAsync("data", Use.Holder, Token))).Kind);
    }

    [Fact]
    public async Task A_volume_that_is_gone_is_so_for_everybody_though_its_record_cannot_be_deleted()
    {
        await using var fixture = new VolumeFixture();

        // Commits: Promised, Removing, the deletion.
        VolumeStore volumes = await fixture.OpenAsync(new StumblingStateStore(fixture.State, 3));
        await volumes.CreateAsync(new("data"), Token);
        await volumes.RemoveAsync("data", force: false, Token);

        Assert.Empty(await volumes.ListAsync(Token));
        Assert.Equal(ErrorKind.Exhausted, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Uses.AttachAsync("data", Use, Token))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<StrakeException>(() => volumes.Uses.AttachAsync("data", Use, Token))).Kind);
        Assert.Empty((await fixture.OpenAsync()).OpenFindings);
    }

    [Fact]
    public async Task That_a_volume_is_being_filled_is_on_disk_before_its_first_file()
    {
        await using var fixture = new VolumeFixture();
        var state = new StumblingStateStore(fixture.State);
        VolumeStore volumes = await fixture.OpenAsync(state);
        await volumes.CreateAsync(new("data"), Token);
        state.Asked.Clear();

        await FillAsync(volumes, fixture);

        // Ready, which goes along; Filling; Ready.
        Assert.Equal([Durability.Eventual, Durability.Synced, Durability.Eventual], state.Asked);
    }

    static async Task<bool> FillAsync(VolumeStore volumes, VolumeFixture fixture)
    {
        using var source = Syscall.Open(fixture.MakeSource(), OpenFlags.Directory);
        return await volumes.Uses.FillAsync("data", source, Token);
    }

    static bool Create(string path)
    {
        File.WriteAllText(path, "by another container");
        return true;
    }

    static Task WriteAsync(string content) => File.WriteAllTextAsync(Path.Combine(content, "written"), "by the container", Token);
}
