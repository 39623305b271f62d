using System.Diagnostics;
using Strake.Images.Tar;
using static Strake.Images.Tests.Tar.TarArchives;

namespace Strake.Images.Tests.Tar;

public class TarWriterTests
{
    static readonly byte[] s_notUtf8 = [(byte)'n', 0xFF, 0xFE];

    public static TheoryData<string> Cases => new(Entries.Keys);

    static Dictionary<string, TarEntry> Entries { get; } = new()
    {
        ["plain"] = Regular("file"),
        ["name of 100"] = Regular(new string('n', 100)),
        ["name of 101"] = Regular(new string('n', 101)),
        ["name split at a slash"] = Regular(new string('p', 150) + "/" + new string('n', 90)),
        ["name too long to split"] = Regular(new string('p', 156) + "/" + new string('n', 90)),
        ["directory of 256"] = new() { Name = Bytes(new string('d', 155) + "/" + new string('n', 99) + "/"), Type = TarEntryType.Directory, Mode = (UnixFileMode)0x1FF },
        ["name beyond ASCII"] = Regular("größe"),
        ["name not UTF-8"] = Regular("x") with { Name = s_notUtf8 },
        ["largest ustar numbers"] = Regular("n") with { Uid = 0x1FFFFF, Gid = 0x1FFFFF, ModifiedTime = new TarTime(0x1FFFFFFFF) },
        ["numbers one larger"] = Regular("n") with { Uid = 0x200000, Gid = 0x200000, ModifiedTime = new TarTime(0x200000000) },
        ["before 1970"] = Regular("n") with { ModifiedTime = new TarTime(-1, 999_999_999) },
        ["half a second before 1970"] = Regular("n") with { ModifiedTime = new TarTime(-1, 500_000_000) },
        ["nanoseconds"] = Regular("n") with { ModifiedTime = new TarTime(1_700_000_000, 1) },
        ["symbolic link"] = new() { Name = Bytes("l"), Type = TarEntryType.SymbolicLink, LinkName = Bytes("../" + new string('t', 97)) },
        ["long symbolic link"] = new() { Name = Bytes("l"), Type = TarEntryType.SymbolicLink, LinkName = Bytes(new string('t', 101)) },
        ["hard link beyond ASCII"] = new() { Name = Bytes("l"), Type = TarEntryType.HardLink, LinkName = Bytes("größe") },
        ["device"] = new() { Name = Bytes("d"), Type = TarEntryType.BlockDevice, DeviceMajor = 259, DeviceMinor = 1048575 },
        ["fifo"] = new() { Name = Bytes("p"), Type = TarEntryType.Fifo, UserName = Bytes("me"), GroupName = Bytes(new string('g', 40)) },
        ["attributes"] = Regular("n") with
        {
            Xattrs = [new(Bytes("security.capability"), new byte[] { 1, 0, 0, 2, 0, 10 }), new(Bytes("user.100%=all"), Bytes("v\n=")), new(Bytes("user.empty"), default)],
        },
    };

    static TarEntry Regular(string name) => new() { Name = Bytes(name), Type = TarEntryType.Regular, Mode = (UnixFileMode)0xFFF, SizeBytes = 5 };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_was_written_is_read_back_the_same(string what)
    {
        var entry = Entries[what];
        var (read, content) = Assert.Single(await ReadAsync(await WriteAsync(entry)));
        Assert.Equal(Describe(entry), Describe(read));
        Assert.Equal(entry.Type == TarEntryType.Regular ? "hello" : "", Text(content));
    }

    [Theory]
    [InlineData("plain", 2048)]
    [InlineData("name of 100", 2048)]
    [InlineData("name split at a slash", 2048)]
    [InlineData("largest ustar numbers", 2048)]
    [InlineData("name of 101", 3072)]
    [InlineData("nanoseconds", 3072)]
    public async Task A_pax_header_is_there_only_where_needed(string what, int length) => Assert.Equal(length, (await WriteAsync(Entries[what])).Length);

    [Fact]
    public async Task GNU_tar_and_Python_list_what_we_write()
    {
        var archive = await WriteAsync([.. Entries.Values.Where(e => !e.Name.Span.SequenceEqual(s_notUtf8)).DistinctBy(e => Text(e.Name))]);
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, archive, TestContext.Current.CancellationToken);
        try
        {
            var listed = Run("tar", ["--quoting-style=literal", "-tf", path]);
            Assert.Equal((await ReadAsync(archive)).Select(e => Text(e.Entry.Name)), listed.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal("ok", Run("python3", ["-c", "import tarfile,sys; [t.name for t in tarfile.open(sys.argv[1])]; print('ok', end='')", path]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task An_entry_cannot_have_more_or_less_content_than_it_says()
    {
        var writer = new TarWriter(new MemoryStream());
        await writer.WriteEntryAsync(Regular("f"), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.WriteContentAsync(new byte[6], TestContext.Current.CancellationToken));
        await writer.WriteContentAsync(new byte[4], TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.WriteEntryAsync(Regular("g"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.CompleteAsync(TestContext.Current.CancellationToken));
    }

    static async Task<byte[]> WriteAsync(params TarEntry[] entries)
    {
        var target = new MemoryStream();
        var writer = new TarWriter(target);
        foreach (var entry in entries)
        {
            await writer.WriteEntryAsync(entry, TestContext.Current.CancellationToken);
            if (entry.SizeBytes > 0) await writer.WriteContentAsync(Bytes("hello"), TestContext.Current.CancellationToken);
        }
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        return target.ToArray();
    }

    static string Describe(TarEntry e) => string.Join('|',
        Convert.ToHexString(e.Name.Span), e.Type, Convert.ToHexString(e.LinkName.Span), e.Mode, e.Uid, e.Gid, Text(e.UserName), Text(e.GroupName), e.SizeBytes,
        e.ModifiedTime, e.DeviceMajor, e.DeviceMinor, string.Join(',', e.Xattrs.Select(x => Text(x.Name) + ":" + Convert.ToHexString(x.Value.Span))));

    static string Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
