using System.Diagnostics;
using System.Text;
using Strake.Images.Tar;

namespace Strake.Images.Tests.Tar;

/// <summary>Archives made by other programs, and what our reader says of one.</summary>
static class TarArchives
{
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>Runs a shell command in a fresh folder and returns the archive that it leaves as <c>a.tar</c>.</summary>
    public static byte[] Make(string script)
    {
        var folder = Directory.CreateTempSubdirectory("strake-test-tar-").FullName;
        try
        {
            var start = new ProcessStartInfo("/bin/bash", ["-euc", script]) { WorkingDirectory = folder, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
            return File.ReadAllBytes(Path.Combine(folder, "a.tar"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>All entries with their contents, read through streams that give a few bytes at a time too.</summary>
    public static async Task<List<(TarEntry Entry, byte[] Content)>> ReadAsync(byte[] archive, int chunk = 0, TarLimits? limits = null)
    {
        var source = chunk == 0 ? (Stream)new MemoryStream(archive) : new ChunkStream(archive, chunk);
        using var reader = new TarReader(source, limits);
        var entries = new List<(TarEntry, byte[])>();
        while (await reader.ReadEntryAsync(TestContext.Current.CancellationToken) is { } entry)
            entries.Add((entry, await reader.ReadAllAsync(64 << 20, TestContext.Current.CancellationToken)));
        return entries;
    }

    /// <summary>A header block of our own making, for what no program writes; the checksum is set.</summary>
    public static byte[] Header(string name, char type = '0', long size = 0, Action<byte[]>? change = null)
    {
        var block = new byte[512];
        Bytes(name).AsSpan(0, Math.Min(100, Bytes(name).Length)).CopyTo(block);
        Bytes("0000644\0").CopyTo(block, 100);
        Bytes("0000000\0").CopyTo(block, 108);
        Bytes("0000000\0").CopyTo(block, 116);
        Bytes(Convert.ToString(size, 8).PadLeft(11, '0') + "\0").CopyTo(block, 124);
        Bytes("00000000000\0").CopyTo(block, 136);
        block[156] = (byte)type;
        Bytes("ustar\00000").CopyTo(block, 257);
        block[264] = (byte)'0';
        change?.Invoke(block);
        return Sign(block);
    }

    /// <summary>Sets a header's checksum.</summary>
    public static byte[] Sign(byte[] block)
    {
        block.AsSpan(148, 8).Fill((byte)' ');
        var sum = block.Sum(b => b);
        Bytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        return block;
    }

    /// <summary>A header of type x, or another, with that body.</summary>
    public static byte[] Extension(char type, string body) => [.. Header("ext", type, Bytes(body).Length), .. Padded(Bytes(body))];

    public static byte[] Padded(byte[] content) => [.. content, .. new byte[-content.Length & 511]];

    /// <summary>One pax record with its right length.</summary>
    public static string Record(string key, string value)
    {
        var rest = Bytes($" {key}={value}\n").Length;
        var length = rest + 1;
        while (length != rest + length.ToString(System.Globalization.CultureInfo.InvariantCulture).Length) length++;
        return $"{length} {key}={value}\n";
    }

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(p => p), .. new byte[1024]];

    /// <summary>A stream that never gives more than a few bytes.</summary>
    sealed class ChunkStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
