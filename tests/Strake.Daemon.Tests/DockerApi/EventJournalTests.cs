using Strake.Daemon.DockerApi;
using Strake.State;

namespace Strake.Daemon.Tests.DockerApi;

public sealed class EventJournalTests
{
    static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static EngineEvent Event(int second, string type = "container", string action = "start", string id = "abc", params (string Key, string Value)[] attributes) =>
        new(type, action, id, attributes.ToDictionary(pair => pair.Key, pair => pair.Value), s_start.AddSeconds(second));

    [Fact]
    public void The_last_events_are_kept_and_no_more()
    {
        var journal = new EventJournal();
        for (int i = 0; i < 5000; i++) journal.Add(Event(i));
        IReadOnlyList<EngineEvent> kept = journal.Read(null, null);
        Assert.Equal(1024, kept.Count);
        Assert.Equal(s_start.AddSeconds(4999), kept[^1].Time);
        Assert.Equal(2, journal.Read(s_start.AddSeconds(4000), s_start.AddSeconds(4001)).Count);
    }

    [Fact]
    public async Task A_reader_gets_what_was_and_what_comes_each_once()
    {
        var journal = new EventJournal();
        journal.Add(Event(1));
        journal.Add(Event(2));
        using EventJournal.EventReader reader = journal.Follow(s_start.AddSeconds(2), out IReadOnlyList<EngineEvent> past);
        journal.Add(Event(3));
        Assert.Equal(s_start.AddSeconds(2), Assert.Single(past).Time);
        await foreach (EngineEvent happened in reader.ReadAllAsync(CancellationToken.None))
        {
            Assert.Equal(s_start.AddSeconds(3), happened.Time);
            break;
        }
    }

    [Fact]
    public async Task A_reader_that_falls_behind_is_dropped_and_nobody_waits()
    {
        var journal = new EventJournal();
        using EventJournal.EventReader slow = journal.Follow(null, out _);
        for (int i = 0; i < 3000; i++) journal.Add(Event(i));
        Assert.Equal(0, journal.Readers);
        int read = 0;
        var dropped = await Assert.ThrowsAsync<StrakeException>(async () =>
        {
            await foreach (EngineEvent _ in slow.ReadAllAsync(CancellationToken.None)) read++;
        });
        Assert.Equal(ErrorKind.Exhausted, dropped.Kind);
        Assert.Equal(1024, read);
    }

    [Fact]
    public void A_reader_that_ends_is_forgotten()
    {
        var journal = new EventJournal();
        journal.Follow(null, out _).Dispose();
        Assert.Equal(0, journal.Readers);
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("{\"type\":[\"container\"]}", true)]
    [InlineData("{\"type\":[\"image\"]}", false)]
    [InlineData("{\"event\":[\"exec_start\"]}", true)]
    [InlineData("{\"event\":[\"exec_start: sh\"]}", true)]
    [InlineData("{\"event\":[\"exec\"]}", false)]
    [InlineData("{\"container\":[\"abc\"]}", true)]
    [InlineData("{\"container\":[\"ab\"]}", true)]
    [InlineData("{\"container\":[\"web\"]}", true)]
    [InlineData("{\"container\":[\"we\"]}", false)]
    [InlineData("{\"volume\":[\"abc\"]}", false)]
    [InlineData("{\"image\":[\"busybox:1\"]}", true)]
    [InlineData("{\"image\":[\"busybox\"]}", true)]
    [InlineData("{\"image\":[\"busybox:2\"]}", false)]
    [InlineData("{\"label\":[\"team=a\"]}", true)]
    [InlineData("{\"label\":[\"team=b\"]}", false)]
    [InlineData("{\"scope\":[\"local\"]}", true)]
    [InlineData("{\"scope\":[\"swarm\"]}", false)]
    [InlineData("{\"plugin\":[\"x\"]}", false)]
    public void Filters_choose_as_docker_does(string filters, bool wanted)
    {
        EngineEvent happened = Event(0, "container", "exec_start: sh", "abcdef", ("name", "web"), ("image", "busybox:1"), ("team", "a"));
        Assert.Equal(wanted, new EventFilter(Filters.Parse(filters)).Wants(happened));
    }
}
