using System.IO.Compression;
using System.Text;
using Strake.Images.Tar;

namespace Strake.Images.Tests;

/// <summary>Builds tars: layers, and archives of images.</summary>
sealed class TestTar
{
    readonly List<(TarEntry Entry, byte[] Content)> _entries = [];

    public TestTar File(string name, byte[] content)
    {
        _entries.Add((
            new TarEntry { Name = Encoding.UTF8.GetBytes(name), Type = TarEntryType.Regular, Mode = (UnixFileMode)0b110_100_100, SizeBytes = content.Length },
            content));
        return this;
    }

    public TestTar File(string name, string content) => File(name, Encoding.UTF8.GetBytes(content));

    public TestTar Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink)
    {
        var (nameBytes, targetBytes) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(target));
        _entries.Add((new TarEntry { Name = nameBytes, LinkName = targetBytes, Type = type }, []));
        return this;
    }

    public TestTar Directory(string name)
    {
        _entries.Add((new TarEntry { Name = Encoding.UTF8.GetBytes(name), Type = TarEntryType.Directory }, []));
        return this;
    }

    /// <summary>The same files with one of them changed, or left out where the content is null.</summary>
    public TestTar With(string name, Func<byte[], byte[]?> change)
    {
        var tar = new TestTar();
        foreach (var (entry, content) in _entries)
        {
            var changed = Encoding.UTF8.GetString(entry.Name.Span) == name ? change(content) : content;
            if (changed is not null) tar._entries.Add((entry with { SizeBytes = changed.Length }, changed));
        }

        return tar;
    }

    /// <summary>The same files in another order.</summary>
    public TestTar Reversed()
    {
        var tar = new TestTar();
        tar._entries.AddRange(_entries.AsEnumerable().Reverse());
        return tar;
    }

    public byte[] ToArray()
    {
        using var target = new MemoryStream();
        WriteAsync(target).GetAwaiter().GetResult();
        return target.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest)) gzip.Write(content);
        return target.ToArray();
    }

    /// <summary>Entries of a tar, by name.</summary>
    public static async Task<List<(string Name, byte[] Content)>> ReadAsync(byte[] tar)
    {
        using var reader = new TarReader(new MemoryStream(tar));
        var files = new List<(string, byte[])>();
        while (await reader.ReadEntryAsync(TestContext.Current.CancellationToken) is { } entry)
            files.Add((entry.DisplayName, await reader.ReadAllAsync(64 << 20, TestContext.Current.CancellationToken)));
        return files;
    }

    async Task WriteAsync(Stream target)
    {
        var writer = new TarWriter(target);
        foreach (var (entry, content) in _entries)
        {
            await writer.WriteEntryAsync(entry, TestContext.Current.CancellationToken);
            if (content.Length > 0) await writer.WriteContentAsync(content, TestContext.Current.CancellationToken);
        }

        await writer.CompleteAsync(TestContext.Current.CancellationToken);
    }
}
