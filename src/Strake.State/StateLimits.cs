using System.Text;

namespace Strake.State;

/// <summary>What a store accepts. The same for every store, so that what fits one fits the next.</summary>
public static class StateLimits
{
    /// <summary>The longest key, in bytes of UTF-8.</summary>
    public const int KeyBytes = 512;

    /// <summary>The largest value, in bytes.</summary>
    public const int ValueBytes = 4 << 20;

    /// <summary>The most expectations, and the most puts and deletes, of one transaction.</summary>
    public const int TransactionOperations = 10_000;

    /// <summary>The most bytes of keys and values in one transaction.</summary>
    public const int TransactionBytes = 16 << 20;

    // Throws on what is not text: a lone surrogate would otherwise become U+FFFD, and two keys one.
    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Checks a key: text (no lone surrogate), not empty, no NUL, at most <see cref="KeyBytes"/> bytes.</summary>
    /// <returns>Its length in bytes of UTF-8.</returns>
    /// <exception cref="StrakeException"><see cref="ErrorKind.Invalid"/> or <see cref="ErrorKind.TooLarge"/>.</exception>
    internal static int CheckKey(string key)
    {
        if (key.Length == 0) throw StrakeException.Invalid("state: a key must not be empty");
        if (key.Contains('\0', StringComparison.Ordinal)) throw StrakeException.Invalid("state: a key must not contain NUL");
        int bytes;
        try
        {
            bytes = s_strict.GetByteCount(key);
        }
        catch (EncoderFallbackException e)
        {
            throw StrakeException.Invalid("state: a key must be well-formed text; it has half a surrogate pair", e);
        }

        return bytes <= KeyBytes ? bytes : throw StrakeException.TooLarge($"state: a key of {bytes} bytes; the limit is {KeyBytes}");
    }
}
