namespace Strake.Linux.Tests;

public sealed class InotifyTests
{
    [Fact]
    public async Task Names_that_come_and_go_are_told_in_order()
    {
        using var folder = new TemporaryDirectory();
        using var inotify = new Inotify();
        var watch = inotify.Watch(folder.Path, InotifyEvents.Create | InotifyEvents.Delete | InotifyEvents.MovedFrom | InotifyEvents.MovedTo);

        folder.MakeFile("a");
        File.Move(folder["a"], folder["b"]);
        File.Delete(folder["b"]);
        folder.MakeDirectory("a directory");
        var events = await inotify.ReadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                new(watch, InotifyEvents.Create, 0, "a"),
                new(watch, InotifyEvents.MovedFrom, events[1].Cookie, "a"),
                new(watch, InotifyEvents.MovedTo, events[1].Cookie, "b"),
                new(watch, InotifyEvents.Delete, 0, "b"),
                new(watch, InotifyEvents.Create | InotifyEvents.Directory, 0, "a directory"),
            ],
            events);
        Assert.NotEqual(0u, events[1].Cookie);
    }

    [Fact]
    public async Task A_reader_waits_for_the_next_event()
    {
        using var folder = new TemporaryDirectory();
        using var inotify = new Inotify();
        var file = folder.MakeFile("file");
        inotify.Watch(file, InotifyEvents.CloseWrite);

        var waiting = inotify.ReadAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await File.WriteAllTextAsync(file, "x", TestContext.Current.CancellationToken);

        Assert.Equal("", Assert.Single(await waiting).Name);
    }

    [Fact]
    public async Task A_cancelled_wait_loses_no_event()
    {
        using var folder = new TemporaryDirectory();
        using var inotify = new Inotify();
        inotify.Watch(folder.Path, InotifyEvents.Create);
        using var cancellation = new CancellationTokenSource();

        var waiting = inotify.ReadAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        folder.MakeFile("after");

        Assert.Equal("after", Assert.Single(await inotify.ReadAsync(TestContext.Current.CancellationToken)).Name);
    }

    [Fact]
    public void A_watch_that_has_ended_can_be_ended_again()
    {
        using var folder = new TemporaryDirectory();
        using var inotify = new Inotify();
        var watch = inotify.Watch(folder.Path, InotifyEvents.Create);

        Assert.True(inotify.Unwatch(watch));
        Assert.False(inotify.Unwatch(watch));
    }
}
