namespace Strake.Grpc;

/// <summary>Bytes in a header: base64, read with and without padding, written without.</summary>
static class Base64Text
{
    /// <summary>Writes bytes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>Reads bytes; null where the text is no base64.</summary>
    public static byte[]? TryDecode(string text)
    {
        string padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, bytes, out int length) ? bytes[..length] : null;
    }
}
