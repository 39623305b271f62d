using Strake.Containers.Mounts;
using Strake.Linux;

namespace Strake.Containers.Tests.Mounts;

public sealed class SubpathTests : IDisposable
{
    const int Rounds = 20_000;

    readonly string home = Directory.CreateTempSubdirectory("strake-test-").FullName;

    string Volume => Path.Combine(home, "volume");

    public SubpathTests()
    {
        Directory.CreateDirectory(Path.Combine(Volume, "dir", "below"));
        Directory.CreateDirectory(Path.Combine(home, "outside"));
        File.WriteAllText(Path.Combine(Volume, "file"), "");
        File.CreateSymbolicLink(Path.Combine(Volume, "in"), "dir");
        File.CreateSymbolicLink(Path.Combine(Volume, "up"), "../outside");
        File.CreateSymbolicLink(Path.Combine(Volume, "out"), "/etc");
        File.CreateSymbolicLink(Path.Combine(Volume, "loop"), "loop");
    }

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Theory]
    [InlineData("dir", "/dir")]
    [InlineData("dir/../dir/below", "/dir/below")]
    [InlineData("in/below", "/dir/below")]
    [InlineData("file", "/file")]
    [InlineData(".", "")]
    public void A_place_inside_is_found_through_links_too(string subpath, string place)
    {
        using var found = Subpath.Open(Volume, subpath);
        Assert.Equal(Volume + place, Syscall.PathOf(found));
    }

    [Theory]
    [InlineData("up", ErrorKind.Invalid, "path concatenation escapes the base directory, base: {0}, subpath: up")]
    [InlineData("out", ErrorKind.Invalid, "path concatenation escapes the base directory, base: {0}, subpath: out")]
    [InlineData("dir/nothing/more", ErrorKind.NotFound, "cannot access path {0}/dir/nothing/more: lstat {0}/dir/nothing: no such file or directory")]
    [InlineData("file/x", ErrorKind.Invalid, "error while resolving symlinks in combined path \"{0}/file/x\": not a directory")]
    [InlineData("loop", ErrorKind.Invalid, "error while resolving symlinks in combined path \"{0}/loop\": EvalSymlinks: too many links")]
    public void What_leads_out_or_nowhere_is_refused_in_Dockers_words(string subpath, ErrorKind kind, string message)
    {
        StrakeException refusal = Assert.Throws<StrakeException>(() => Subpath.Open(Volume, subpath));
        Assert.Equal((kind, string.Format(System.Globalization.CultureInfo.InvariantCulture, message, Volume)), (refusal.Kind, refusal.Message));
    }

    [Fact(Timeout = 60_000)]
    public async Task Whatever_is_swapped_meanwhile_what_is_opened_is_inside()
    {
        Directory.CreateDirectory(Path.Combine(home, "outside", "below"));
        Directory.CreateDirectory(Path.Combine(Volume, "swapped", "below"));
        File.CreateSymbolicLink(Path.Combine(Volume, "link"), "../outside");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task swapping = OnThread(() => Swap(over.Token));
        try
        {
            await OnThread(() => Open(over.Token));
        }
        finally
        {
            await over.CancelAsync();
            await swapping;
        }
    }

    // However the two threads are scheduled: until both forms were met, and often.
    void Open(CancellationToken over)
    {
        int found = 0, refused = 0;
        while (found + refused < Rounds || found == 0 || refused == 0)
        {
            over.ThrowIfCancellationRequested();
            try
            {
                using var place = Subpath.Open(Volume, "swapped/below");
                Assert.StartsWith(Volume + "/", Syscall.PathOf(place), StringComparison.Ordinal);
                found++;
            }
            catch (StrakeException)
            {
                refused++;
            }
        }
    }

    static Task OnThread(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    // What a container that has the whole volume can do: a directory becomes a link to another of the same form outside, and back.
    void Swap(CancellationToken over)
    {
        using var volume = Syscall.Open(Volume, OpenFlags.Directory);
        while (!over.IsCancellationRequested)
            Syscall.RenameAt(volume, PathBytes.Encode("swapped"), volume, PathBytes.Encode("link"), RenameFlags.Exchange);
    }
}
