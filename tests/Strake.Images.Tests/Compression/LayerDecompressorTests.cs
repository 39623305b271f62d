using System.Diagnostics;
using System.Security.Cryptography;
using Strake.Images.Codecs;
using Strake.State;

namespace Strake.Images.Tests.Compressions;

public class LayerDecompressorTests
{
    static readonly byte[] s_plain = Sample(700_000);

    public static TheoryData<string, Compression> Programs => new()
    {
        { "gzip -c", Compression.Gzip },
        { "gzip -1c", Compression.Gzip },
        { "igzip -c -", Compression.Gzip },
        { "zstd -c", Compression.Zstd },
        { "zstd -19 -c", Compression.Zstd },
        { "xz -c", Compression.Xz },
        { "xz --check=none -c", Compression.Xz },
        { "bzip2 -c", Compression.Bzip2 },
        { "cat", Compression.None },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task What_a_program_compressed_comes_back(string program, Compression compression)
    {
        foreach (var plain in (byte[][])[s_plain, [], [1], new byte[5_000_000]])
        {
            var packed = Pipe(program, plain);
            foreach (var chunk in (int[])[1, 1000, int.MaxValue])
            {
                var (found, result) = await DecodeAsync(packed, chunk: chunk == 1 ? Math.Max(1, packed.Length / 5000) : chunk);
                if (packed.Length > 0) Assert.Equal(compression, found);
                Assert.True(result.AsSpan().SequenceEqual(plain));
            }
        }
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("zstd -c")]
    [InlineData("xz -c")]
    [InlineData("bzip2 -c")]
    public async Task Several_members_are_one_stream(string program)
    {
        byte[] packed = [.. Pipe(program, s_plain), .. Pipe(program, []), .. Pipe(program, Sample(10))];
        byte[] expected = [.. s_plain, .. Sample(10)];
        Assert.Equal(expected, (await DecodeAsync(packed)).Plain);
        Assert.Equal(expected, (await DecodeAsync(packed, chunk: 17)).Plain);
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("zstd --check -c")]
    [InlineData("xz -c")]
    [InlineData("bzip2 -c")]
    public async Task Cut_short_it_is_refused(string program)
    {
        var packed = Pipe(program, s_plain);
        foreach (var length in Enumerable.Range(1, 40).Select(i => packed.Length - i).Concat([7, 10, 11, 12, 13, 20, 100, packed.Length / 2]))
        {
            var error = await Assert.ThrowsAsync<StrakeException>(() => DecodeAsync(packed[..length]));
            Assert.Equal(ErrorKind.Invalid, error.Kind);
        }
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("zstd -c")]
    [InlineData("xz -c")]
    [InlineData("bzip2 -c")]
    public async Task Garbage_behind_the_end_is_refused(string program)
    {
        var packed = Pipe(program, s_plain);
        foreach (var garbage in (byte[][])[[0], [.. "garbage"u8], [0x1F], [0x1F, 0x8B, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [.. "BZ"u8]])
        {
            // A single NUL is xz's padding cut short, which liblzma refuses as well.
            var error = await Assert.ThrowsAsync<StrakeException>(() => DecodeAsync([.. packed, .. garbage]));
            Assert.Equal(ErrorKind.Invalid, error.Kind);
            error = await Assert.ThrowsAsync<StrakeException>(() => DecodeAsync([.. packed, .. garbage], chunk: packed.Length));
            Assert.Equal(ErrorKind.Invalid, error.Kind);
        }
    }

    [Theory]
    [InlineData("gzip -c")]
    [InlineData("zstd --check -c")]
    [InlineData("xz -c")]
    [InlineData("bzip2 -c")]
    public async Task A_changed_byte_is_noticed(string program)
    {
        var packed = Pipe(program, s_plain);
        // From 10: a gzip header holds a time and a system that nothing checks.
        foreach (var at in Enumerable.Range(0, 50).Select(i => 10 + (i * (packed.Length - 10) / 50)))
        {
            var changed = packed.ToArray();
            changed[at] ^= 0x10;
            try
            {
                Assert.Equal(s_plain, (await DecodeAsync(changed)).Plain);
            }
            catch (StrakeException refused)
            {
                Assert.Contains(refused.Kind, (ErrorKind[])[ErrorKind.Invalid, ErrorKind.TooLarge]);
            }
        }
    }

    // Bytes that came, bytes that came out.
    [Theory]
    [InlineData(1L << 20, 32L << 30, true)] // a swap file of 32 GiB, in zstd
    [InlineData(1L << 20, 33L << 30, false)]
    [InlineData(100L << 20, 40L << 30, true)] // the disk of a virtual machine, one part in 400 of it used
    [InlineData(100L << 20, 100L << 30, false)] // nothing but zeros, in gzip
    [InlineData(400L << 30, 1L << 40, true)]
    [InlineData(400L << 30, (1L << 40) + 1, false)]
    public void A_layer_of_zeros_is_told_from_a_bomb_by_its_size(long input, long output, bool allowed) =>
        Assert.Equal(allowed, ExpansionLimit.ForLayers.Allows(input, output));

    [Theory]
    [InlineData("gzip -9c")]
    [InlineData("zstd -c")]
    [InlineData("xz -c")]
    [InlineData("bzip2 -c")]
    public async Task A_bomb_is_stopped(string program)
    {
        var packed = Pipe(program, new byte[20_000_000]);
        var error = await Assert.ThrowsAsync<StrakeException>(() => DecodeAsync(packed, limit: new ExpansionLimit { MaxBytes = 10_000_000 }));
        Assert.Equal(ErrorKind.TooLarge, error.Kind);
        error = await Assert.ThrowsAsync<StrakeException>(() => DecodeAsync(packed, limit: new ExpansionLimit { MaxRatio = 100, RatioFromBytes = 1_000_000 }));
        Assert.Equal(ErrorKind.TooLarge, error.Kind);
        Assert.Equal(20_000_000, (await DecodeAsync(packed, limit: new ExpansionLimit { MaxBytes = 20_000_000, MaxRatio = 100, RatioFromBytes = 20_000_000 })).Plain.Length);
    }

    [Theory]
    [InlineData("zstd --long=31 -c")]
    [InlineData("xz --lzma2=dict=1GiB -c")]
    public async Task A_window_beyond_the_limit_is_refused(string program)
    {
        // xz keeps the wish for a dictionary in the header, zstd for large enough input of unknown length.
        var packed = Pipe(program, s_plain);
        var error = await Assert.ThrowsAsync<StrakeException>(() => DecodeAsync(packed));
        Assert.Equal(ErrorKind.Invalid, error.Kind);
    }

    [Fact]
    public void ISA_L_is_used_where_it_is_installed()
    {
        Assert.SkipUnless(File.Exists("/usr/lib/x86_64-linux-gnu/libisal.so.2"), "libisal2 is not installed");
        Assert.True(IsalLibrary.IsUsable);
    }

    [Fact]
    public async Task zlib_does_the_same_without_it()
    {
        byte[] packed = [.. Pipe("gzip -c", s_plain), .. Pipe("gzip -c", Sample(10))];
        byte[] expected = [.. s_plain, .. Sample(10)];
        Assert.Equal(expected, await ByZlibAsync(packed));
        await Assert.ThrowsAsync<StrakeException>(() => ByZlibAsync(packed[..^1]));
        await Assert.ThrowsAsync<StrakeException>(() => ByZlibAsync([.. packed, 0]));
        var changed = packed.ToArray();
        changed[packed.Length / 2] ^= 1;
        await Assert.ThrowsAsync<StrakeException>(() => ByZlibAsync(changed));
    }

    [Fact]
    public async Task What_our_encoder_writes_zstd_and_we_read()
    {
        var target = new MemoryStream();
        using (var encoder = new ZstdEncodingStream(target, 3))
        {
            foreach (var part in s_plain.Chunk(9_999)) encoder.Write(part);
            encoder.Complete();
        }
        Assert.Equal(s_plain, (await DecodeAsync(target.ToArray())).Plain);
        Assert.Equal(s_plain, Pipe("zstd -dc", target.ToArray()));
    }

    static async Task<byte[]> ByZlibAsync(byte[] packed)
    {
        using var plain = new DecodingStream(new SourceBuffer(new MemoryStream(packed)), new ZlibGzipCodec(), ExpansionLimit.None);
        return await ReadAllAsync(plain);
    }

    static async Task<(Compression Compression, byte[] Plain)> DecodeAsync(byte[] packed, ExpansionLimit? limit = null, int chunk = int.MaxValue)
    {
        var (compression, plain) = await LayerDecompressor.OpenAsync(new Chunks(packed, chunk), limit ?? ExpansionLimit.None, TestContext.Current.CancellationToken);
        await using (plain) return (compression, await ReadAllAsync(plain));
    }

    static async Task<byte[]> ReadAllAsync(Stream plain)
    {
        var result = new MemoryStream();
        var buffer = new byte[50_001];
        while (await plain.ReadAsync(buffer, TestContext.Current.CancellationToken) is var read and > 0) result.Write(buffer, 0, read);
        return result.ToArray();
    }

    static byte[] Pipe(string command, byte[] input)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", command]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var feeding = Task.Run(() =>
        {
            using var stdin = process.StandardInput.BaseStream;
            stdin.Write(input);
        });
        var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        feeding.Wait();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }

    // Half text, half noise, so that every kind of block occurs.
    static byte[] Sample(int length)
    {
        var sample = new byte[length];
        for (var i = 0; i < length; i++) sample[i] = (byte)"the planks of a hull lap one another"[i % 36];
        for (var i = 0; i + 32 <= length; i += 256) SHA256.HashData(BitConverter.GetBytes(i)).CopyTo(sample, i);
        return sample;
    }

    sealed class Chunks(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
