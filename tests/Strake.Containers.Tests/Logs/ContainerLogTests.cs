using Strake.Containers.Logs;
using Strake.Containers.Tests.Streams;

namespace Strake.Containers.Tests.Logs;

public sealed class ContainerLogTests : IAsyncDisposable
{
    const string Log = """
        2026-01-01T00:00:01.000000001+00:00 stdout F one
        2026-01-01T00:00:02.000000000+00:00 stderr F two
        2026-01-01T00:00:03.000000000+00:00 stdout P thr
        2026-01-01T00:00:03.000000001+00:00 stdout F ee
        2026-01-01T00:00:04.000000000+00:00 stdout F 
        2026-01-01T00:00:05.000000000+00:00 stdout P five

        """;

    readonly LogWatcher watcher = new();
    readonly string path = Path.Combine(Directory.CreateTempSubdirectory("strake-test-").FullName, "log");

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public ContainerLogTests() => File.WriteAllText(path, Log);

    public async ValueTask DisposeAsync()
    {
        await watcher.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    public static TheoryData<string, LogOptions, string> Wishes => new()
    {
        { "everything", new(), "one\n!two\nthree\n\nfive" },
        { "stderr", new() { Stdout = false }, "!two\n" },
        { "the last line, which has no end", new() { Tail = 1 }, "five" },
        { "the last three lines", new() { Tail = 3 }, "three\n\nfive" },
        { "the last five lines", new() { Tail = 5 }, "one\n!two\nthree\n\nfive" },
        { "more lines than there are", new() { Tail = 50 }, "one\n!two\nthree\n\nfive" },
        { "no line", new() { Tail = 0 }, "" },
        { "the last line of stderr", new() { Stdout = false, Tail = 1 }, "!two\n" },
        { "since", new() { Since = DateTimeOffset.Parse("2026-01-01T00:00:04Z", null) }, "\nfive" },
        { "until", new() { Until = DateTimeOffset.Parse("2026-01-01T00:00:02Z", null) }, "one\n!two\n" },
        { "timestamps", new() { Timestamps = true, Stderr = false, Tail = 2 }, "2026-01-01T00:00:04.000000000Z \n2026-01-01T00:00:05.000000000Z five" },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public async Task What_is_wanted_of_a_log_is_sent(string wish, LogOptions options, string expected)
    {
        var client = new RecordingClient();

        await ContainerLog.CopyAsync(path, options, client, watcher, Task.CompletedTask, Token);

        Assert.True(expected == client.Text, $"{wish}: expected {expected}, got {client.Text}");
    }

    [Fact]
    public async Task Following_sends_what_is_written_and_ends_with_the_run_and_all_it_wrote()
    {
        var ended = new TaskCompletionSource();
        var client = new RecordingClient { Until = static text => text.EndsWith("six\n", StringComparison.Ordinal) };

        Task copy = ContainerLog.CopyAsync(path, new LogOptions { Follow = true, Tail = 1 }, client, watcher, ended.Task, Token);
        await File.AppendAllTextAsync(path, "2026-01-01T00:00:06.000000000+00:00 stdout F six\n", Token);
        await client.Reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.False(copy.IsCompleted);
        await File.AppendAllTextAsync(path, "2026-01-01T00:00:07.000000000+00:00 stdout F seven\n", Token);
        ended.SetResult();
        await copy.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal("fivesix\nseven\n", client.Text);
    }

    [Fact]
    public async Task A_log_that_is_begun_anew_under_its_name_is_followed()
    {
        var ended = new TaskCompletionSource();
        var client = new RecordingClient { Until = static text => text.EndsWith("new\n", StringComparison.Ordinal) };

        Task copy = ContainerLog.CopyAsync(path, new LogOptions { Follow = true, Tail = 0 }, client, watcher, ended.Task, Token);
        await File.WriteAllTextAsync(path + ".tmp", "2026-01-01T00:00:06.000000000+00:00 stdout F new\n", Token);
        File.Move(path + ".tmp", path, overwrite: true);
        await client.Reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        ended.SetResult();
        await copy.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal("new\n", client.Text);
    }

    [Fact]
    public async Task A_log_that_is_not_there_is_empty()
    {
        var client = new RecordingClient();

        await ContainerLog.CopyAsync(path + ".missing", new LogOptions(), client, watcher, Task.CompletedTask, Token);

        Assert.Equal("", client.Text);
    }

    [Fact]
    public async Task Garbage_is_left_out_and_harms_nothing()
    {
        await File.WriteAllTextAsync(path, "\n \nx\n2026 stdout X a\n2026 std F b\n2026-01-01T00:00:01+00:00 stdout F good\n2026-01-01T00:0", Token);
        var client = new RecordingClient();

        await ContainerLog.CopyAsync(path, new LogOptions { Timestamps = true }, client, watcher, Task.CompletedTask, Token);

        Assert.Equal("2026-01-01T00:00:01Z good\n", client.Text);
    }

    [Fact]
    public async Task The_tail_of_a_long_log_is_found_across_blocks()
    {
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, 20_000).Select(n => $"2026-01-01T00:00:01+00:00 stdout F line {n}"), Token);
        var client = new RecordingClient();

        await ContainerLog.CopyAsync(path, new LogOptions { Tail = 5_000 }, client, watcher, Task.CompletedTask, Token);

        Assert.Equal(string.Concat(Enumerable.Range(15_000, 5_000).Select(n => $"line {n}\n")), client.Text);
    }
}
