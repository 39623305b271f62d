using System.Text.Json;
using Strake.Daemon.StrakeApi;
using Strake.Images;

namespace Strake.Cli.Tests;

/// <summary>`strake volume`: what each command asks of the daemon, and what it prints of the answer.</summary>
public sealed class VolumeCommandTests : IAsyncLifetime
{
    static readonly DateTimeOffset s_time = new(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(1));

    readonly FakeDaemon daemon = new();

    public ValueTask InitializeAsync()
    {
        daemon.Answer = Reply;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => daemon.DisposeAsync();

    [Theory]
    [InlineData("resize data 1g", "POST /strake/volumes/data/resize?size=1g", "data: 1 GiB")]
    [InlineData("snapshots data", "GET /strake/volumes/data/snapshots", "data@made  2026-02-03 03:05:06Z")]
    [InlineData("snapshot data", "GET /strake/volumes/data/copy|POST /strake/volumes/data/snapshots", "data@made")]
    [InlineData("snapshot data before", "GET /strake/volumes/data/copy|POST /strake/volumes/data/snapshots?snapshot=before", "data@made")]
    [InlineData("rollback data@before", "GET /strake/volumes/data/copy|POST /strake/volumes/data/rollback?snapshot=before", "")]
    [InlineData("clone data other", "GET /strake/volumes/data/copy|POST /strake/volumes/data/clone?to=other", "other")]
    [InlineData("clone data@before other", "GET /strake/volumes/data/copy|POST /strake/volumes/data/clone?to=other&snapshot=before", "other")]
    [InlineData("release data engine/1-a", "POST /strake/volumes/data/release?holder=engine%2F1-a", "")]
    [InlineData("rename data other", "POST /strake/volumes/data/rename?to=other", "")]
    [InlineData("rm data", "DELETE /strake/volumes/data?keep=604800", "data: in the trash until 2026-02-03 03:05:06Z")]
    [InlineData("rm data --keep 12h", "DELETE /strake/volumes/data?keep=43200", "data: in the trash until 2026-02-03 03:05:06Z")]
    [InlineData("rm data@before", "DELETE /strake/volumes/data/snapshots/before", "")]
    [InlineData("rm a/b@c/d", "DELETE /strake/volumes/a%2Fb/snapshots/c%2Fd", "")]
    [InlineData("restore data", "POST /strake/trash/data/restore", "data")]
    [InlineData("restore data other", "POST /strake/trash/data/restore?to=other", "other")]
    [InlineData("trash empty", "DELETE /strake/trash", "data")]
    [InlineData("rename a&b c?d", "POST /strake/volumes/a%26b/rename?to=c%3Fd", "")]
    public async Task A_command_asks_and_prints(string line, string asked, string printed)
    {
        Assert.Equal(printed, (await daemon.RunAsync(["volume", .. line.Split(' ')])).Ok());
        Assert.Equal(asked.Split('|'), daemon.Asked);
    }

    [Fact]
    public async Task Several_are_removed_one_after_the_other_and_the_first_refusal_ends_it()
    {
        await daemon.RunAsync("volume", "rm", "a", "b@c", "d");
        Assert.Equal(["DELETE /strake/volumes/a?keep=604800", "DELETE /strake/volumes/b/snapshots/c", "DELETE /strake/volumes/d?keep=604800"], daemon.Asked);
        daemon.Asked.Clear();
        daemon.Answer = static _ => (409, """{"message":"remove a: volume is in use - [x]"}""");
        Assert.Equal("strake volume: remove a: volume is in use - [x]", (await daemon.RunAsync("volume", "rm", "a", "b")).Refused(1));
        Assert.Single(daemon.Asked);
    }

    [Fact]
    public async Task What_a_copy_costs_is_told_before_it()
    {
        daemon.Answer = asked => asked.EndsWith("/copy", StringComparison.Ordinal) ? (200, Json(new VolumeCopyReport(3 << 20, HoldsWriters: true))) : Reply(asked);
        Assert.Equal(
            "copying 3 MiB: the file system cannot share them; who writes to the volume is held meanwhile\ndata@made", (await daemon.RunAsync("volume", "snapshot", "data")).Ok());
    }

    [Fact]
    public async Task The_table_has_a_line_a_volume_and_a_dash_for_what_nobody_knows()
    {
        daemon.Answer = static _ => (200, Json(new VolumeReportList([
            new VolumeReport("data", "local", "image", 1536, 100 << 20, 12, 1000, []),
            new VolumeReport("plain", "local", "", null, null, null, null, []),
            new VolumeReport("a-name-of-thirty-characters-...", "rclone", "", null, null, null, null, []),
        ])));
        Assert.Equal(
            """
            VOLUME                          BACKEND          USED       SIZE     INODES         OF
            data                            image         1.5 KiB    100 MiB         12       1000
            plain                           dir                 -          -          -          -
            a-name-of-thirty-characters-... rclone              -          -          -          -
            """, (await daemon.RunAsync("volume", "df")).Ok());
    }

    [Fact]
    public async Task Why_tells_each_user_and_what_keeps_it()
    {
        VolumeUseReport[] uses = [new("container/4f2a", "db", "/var/lib/mysql", ReadOnly: false, Mounted: true, s_time), new("engine/1-a", "", "", ReadOnly: true, Mounted: false, s_time)];
        daemon.Answer = _ => (200, Json(new VolumeReport("data", "local", "", null, null, null, null, uses)));
        Assert.Equal(
            """
            container/4f2a (db) at /var/lib/mysql, read-write, mounted, since 2026-02-03 03:05:06Z
            engine/1-a, read-only, not mounted, since 2026-02-03 03:05:06Z
            data cannot be removed while it is used: remove those first
            another engine that is gone without a word has it no more: strake volume release data engine/1-a
            """, (await daemon.RunAsync("volume", "why", "data")).Ok());
        uses = [];
        Assert.Equal("nobody uses data: it can be removed", (await daemon.RunAsync("volume", "why", "data")).Ok());
    }

    [Fact]
    public async Task The_trash_is_a_table()
    {
        string id = new('a', 64);
        daemon.Answer = _ => (200, Json(new TrashedVolumeReportList([new TrashedVolumeReport(id, "data", s_time, s_time.AddDays(7))])));
        Assert.Equal(
            """
            VOLUME                   ID             SINCE                  UNTIL
            data                     aaaaaaaaaaaa   2026-02-03 03:05:06Z   2026-02-10 03:05:06Z
            """, (await daemon.RunAsync("volume", "trash")).Ok());
    }

    [Fact]
    public async Task Emptied_in_part_it_says_what_stays_and_fails()
    {
        daemon.Answer = static _ => (200, Json(new EmptiedTrashReport(["a"], ["volume b stays in the trash: why"])));
        CommandRun run = await daemon.RunAsync("volume", "trash", "empty");
        Assert.Equal((1, "a\nvolume b stays in the trash: why\n"), (run.Code, run.Output));
    }

    [Fact]
    public async Task An_export_is_a_file_that_is_there_whole_or_not_at_all()
    {
        daemon.Answer = static _ => (200, "tar");
        Assert.Empty((await daemon.RunAsync("volume", "export", "data@tue", "--since", "mon", "--output", daemon["f"])).Ok());
        Assert.Equal("tar", File.ReadAllText(daemon["f"]));
        Assert.Equal(["GET /strake/volumes/data/export?snapshot=tue&since=mon"], daemon.Asked);

        Assert.Contains("exists", (await daemon.RunAsync("volume", "export", "data", "--output", daemon["f"])).Refused(1), StringComparison.Ordinal);
        Assert.Equal("tar", File.ReadAllText(daemon["f"]));
        daemon.Answer = static _ => (404, """{"message":"get data: no such volume"}""");
        Assert.Equal("strake volume: get data: no such volume", (await daemon.RunAsync("volume", "export", "data", "--output", daemon["g"])).Refused(1));
        Assert.False(File.Exists(daemon["g"]));
    }

    [Fact]
    public async Task An_import_sends_the_file_with_its_options()
    {
        File.WriteAllText(daemon["f"], "tar");
        Assert.Equal("made", (await daemon.RunAsync("volume", "import", "made", daemon["f"], "-o", "size=1g", "-o", "mode=1777")).Ok());
        Assert.Equal("made", (await daemon.RunAsync("volume", "import", "made", daemon["f"], "--onto", "data@mon")).Ok());
        Assert.Equal(["POST /strake/volumes/made/import?opt=size%3D1g&opt=mode%3D1777 tar", "POST /strake/volumes/made/import?&onto=data&snapshot=mon tar"], daemon.Asked);
    }

    [Fact]
    public async Task Layers_in_a_layout_are_sent_one_behind_the_other()
    {
        daemon.Answer = static asked => (200, asked.Contains("since", StringComparison.Ordinal) ? "changes" : "whole");
        Assert.Equal($"{daemon["l"]}:mon", (await daemon.RunAsync("volume", "export", "data@mon", "--oci", daemon["l"])).Ok());
        Assert.Equal($"{daemon["l"]}:tue", (await daemon.RunAsync("volume", "export", "data@tue", "--oci", daemon["l"], "--since", "mon")).Ok());
        Assert.Equal($"{daemon["l"]}:now", (await daemon.RunAsync("volume", "export", "data", "--oci", $"{daemon["l"]}:now")).Ok());
        daemon.Asked.Clear();
        daemon.Answer = Reply;
        Assert.Equal("made", (await daemon.RunAsync("volume", "import", "made", "--oci", $"{daemon["l"]}:tue")).Ok());
        string parts = string.Concat(new[] { "whole", "changes" }.Select(static text => $"&part={Uri.EscapeDataString($"{Digest.Of(System.Text.Encoding.ASCII.GetBytes(text))}/{text.Length}")}"));
        Assert.Equal([$"POST /strake/volumes/made/import?{parts} wholechanges"], daemon.Asked);
    }

    [Theory]
    [InlineData(404, """{"message":"get data: no such volume"}""", "get data: no such volume")]
    [InlineData(500, "<html>gone</html>\n", "<html>gone</html>")]
    [InlineData(500, "\"text\"", "\"text\"")]
    [InlineData(502, """{"message":7}""", """{"message":7}""")]
    public async Task A_refusal_is_told_whatever_its_form(int status, string body, string said)
    {
        daemon.Answer = _ => (status, body);
        Assert.Equal($"strake volume: {said}", (await daemon.RunAsync("volume", "rename", "data", "other")).Refused(1));
        Assert.Equal($"strake volume: {said}", (await daemon.RunAsync("volume", "why", "data")).Refused(1));
        Assert.Equal($"strake volume: {said}", (await daemon.RunAsync("volume", "export", "data", "--output", daemon["f"])).Refused(1));
    }

    static (int Status, string Body) Reply(string asked) => (200, asked switch
    {
        _ when asked.EndsWith("/copy", StringComparison.Ordinal) => Json(new VolumeCopyReport(0, HoldsWriters: false)),
        _ when asked.StartsWith("POST", StringComparison.Ordinal) && asked.Contains("/snapshots", StringComparison.Ordinal) => Json(new SnapshotReport("made", s_time)),
        _ when asked.StartsWith("GET", StringComparison.Ordinal) && asked.EndsWith("/snapshots", StringComparison.Ordinal) => Json(new SnapshotReportList([new SnapshotReport("made", s_time)])),
        _ when asked.Contains("/resize", StringComparison.Ordinal) => Json(new VolumeReport("data", "local", "image", null, 1L << 30, null, null, [])),
        _ when asked.Contains("?keep=", StringComparison.Ordinal) => Json(new TrashedVolumeReport(new string('a', 64), "data", s_time, s_time)),
        "DELETE /strake/trash" => Json(new EmptiedTrashReport(["data"], [])),
        _ => "",
    });

    static string Json<T>(T value) => JsonSerializer.Serialize(value, typeof(T), StrakeJson.Default);
}
