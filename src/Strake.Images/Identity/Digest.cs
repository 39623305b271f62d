using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Strake.Images;

/// <summary>
/// The SHA-256 of some bytes, written <c>sha256:</c> and 64 lower-case hexadecimal digits. The only algorithm that
/// Docker's image store names things with; others are refused while parsing.
/// </summary>
/// <remarks>OCI image specification, descriptor.md, "Digests".</remarks>
public readonly record struct Digest : IComparable<Digest>
{
    /// <summary>The algorithm's name with its separator.</summary>
    public const string Prefix = "sha256:";

    /// <summary>Digits of the hexadecimal part.</summary>
    public const int HexLength = 64;

    readonly string? hex;

    Digest(string hex) => this.hex = hex;

    /// <summary>The 64 hexadecimal digits without the algorithm.</summary>
    public string Hex => hex ?? throw new InvalidOperationException("An uninitialised digest was used.");

    /// <summary>False for the default value, which names nothing.</summary>
    public bool IsSet => hex is not null;

    /// <summary>The digest of <paramref name="content"/>.</summary>
    /// <param name="content">The bytes to hash.</param>
    public static Digest Of(ReadOnlySpan<byte> content) => FromHash(SHA256.HashData(content));

    /// <summary>The digest whose 32 bytes a hash function has computed.</summary>
    /// <param name="hash">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="hash"/> is not 32 bytes long.</exception>
    public static Digest FromHash(ReadOnlySpan<byte> hash) => hash.Length == SHA256.HashSizeInBytes
        ? new Digest(Convert.ToHexStringLower(hash))
        : throw new ArgumentException($"A SHA-256 has 32 bytes, not {hash.Length}.", nameof(hash));

    /// <summary>Parses <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    /// <param name="text">What a user, a manifest or an archive wrote.</param>
    /// <param name="digest">The digest; unset when the text is none.</param>
    /// <returns>Whether <paramref name="text"/> is a digest.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        if (text is not null && text.StartsWith(Prefix, StringComparison.Ordinal) && IsHex(text.AsSpan(Prefix.Length)))
        {
            digest = new Digest(text[Prefix.Length..]);
            return true;
        }

        digest = default;
        return false;
    }

    /// <summary>Whether <paramref name="text"/> is 64 lower-case hexadecimal digits.</summary>
    /// <param name="text">The candidate, without an algorithm.</param>
    public static bool IsHex(ReadOnlySpan<char> text) =>
        text.Length == HexLength && !text.ContainsAnyExcept("0123456789abcdef");

    /// <inheritdoc/>
    public int CompareTo(Digest other) => string.CompareOrdinal(hex, other.hex);

    /// <summary><c>sha256:</c> and the digits; empty when unset.</summary>
    public override string ToString() => hex is null ? "" : Prefix + hex;
}
