using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Strake.Images;
using Strake.Linux;

namespace Strake.Layers.Tests.Store;

/// <summary>A layer's tar, made in memory.</summary>
sealed record TestLayer(byte[] Tar)
{
    public DiffId DiffId => new(Digest.FromHash(SHA256.HashData(Tar)));

    public Stream Open() => new MemoryStream(Tar, writable: false);

    /// <summary>A layer of files: <c>path</c> is a file that holds its own name, <c>path/</c> a directory of mode 0711,
    /// <c>path=text</c> a file, <c>path->target</c> a hard link.</summary>
    public static TestLayer Of(params string[] files)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var file in files) tar.WriteEntry(Entry(file));
        }

        return new(bytes.ToArray());
    }

    public byte[] Gzip()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest)) gzip.Write(Tar);
        return bytes.ToArray();
    }

    static PaxTarEntry Entry(string file)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000);
        const UnixFileMode mode = Permissions.Octal0644;
        if (file.Split("->") is [var link, var target]) return new(TarEntryType.HardLink, link) { LinkName = target, ModificationTime = time, Mode = mode };
        if (file.EndsWith('/')) return new(TarEntryType.Directory, file) { ModificationTime = time, Mode = Permissions.Octal0711 };
        var (name, text) = file.Split('=', 2) is [var before, var after] ? (before, after) : (file, file);
        return new(TarEntryType.RegularFile, name) { ModificationTime = time, Mode = mode, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };
    }
}
