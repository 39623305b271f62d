using System.Buffers;
using System.Text;

namespace Strake.Grpc.Tests.Client;

/// <summary>Header blocks, taken apart by hand: RFC 7541, 6.</summary>
public sealed class HeaderBlockTests
{
    [Fact]
    public void What_has_no_separator_passes_byte_for_byte()
    {
        byte[] block =
        [
            0x83,                                             // indexed
            0x20,                                             // table size 0
            0x00, 0x01, (byte)'k', 0x02, (byte)'a', (byte)'b', // literal, new name
            0x04, 0x01, (byte)'/',                             // literal, name of the table
            0x0F, 0x10, 0x01, (byte)'x',                       // literal, name 31
            0x10, 0x01, (byte)'n', 0x00,                       // never indexed, empty value
            0x41, 0x82, 0xFF, 0x1F,                            // indexed anew, value in Huffman's code
        ];
        Assert.Equal(block, Split(block));
    }

    [Fact]
    public void Joined_values_become_fields_of_their_own()
    {
        byte[] block = [0x82, 0x00, 0x01, (byte)'k', 0x06, (byte)'a', 0x1F, (byte)'b', (byte)'c', 0x1F, (byte)'d', 0x83];
        byte[] expected =
        [
            0x82,
            0x00, 0x01, (byte)'k', 0x01, (byte)'a',
            0x00, 0x01, (byte)'k', 0x02, (byte)'b', (byte)'c',
            0x00, 0x01, (byte)'k', 0x01, (byte)'d',
            0x83,
        ];
        Assert.Equal(expected, Split(block));
    }

    [Theory]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(30_000)]
    public void Long_values_keep_their_length(int length)
    {
        string value = new('v', length);
        byte[] block = [0x00, 0x01, (byte)'k', .. Value("first\x1F" + value)];
        byte[] expected = [0x00, 0x01, (byte)'k', .. Value("first"), 0x00, 0x01, (byte)'k', .. Value(value)];
        Assert.Equal(expected, Split(block));
    }

    [Theory]
    [InlineData(new byte[] { 0x00 })]
    [InlineData(new byte[] { 0x00, 0x05, 1 })]
    [InlineData(new byte[] { 0x04 })]
    [InlineData(new byte[] { 0x04, 0x02, 1 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    public void What_is_no_header_block_is_refused(byte[] block) => Assert.Throws<InvalidDataException>(() => Split(block));

    static byte[] Split(byte[] block)
    {
        var target = new ArrayBufferWriter<byte>();
        HeaderBlock.Split(block, target);
        return target.WrittenSpan.ToArray();
    }

    // RFC 7541, 5.1 and 5.2
    static byte[] Value(string text)
    {
        var bytes = new List<byte>();
        int rest = text.Length;
        if (rest < 127)
        {
            bytes.Add((byte)rest);
        }
        else
        {
            bytes.Add(127);
            for (rest -= 127; rest >= 128; rest /= 128) bytes.Add((byte)((rest % 128) + 128));
            bytes.Add((byte)rest);
        }

        return [.. bytes, .. Encoding.ASCII.GetBytes(text)];
    }
}
