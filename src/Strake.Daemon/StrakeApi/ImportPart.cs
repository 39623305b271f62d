using System.Globalization;
using Strake.Images;
using Strake.State;

namespace Strake.Daemon.StrakeApi;

/// <summary>One of several tars that are sent one behind the other, as whoever sends them says: <c>DIGEST/BYTES</c>.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="SizeBytes">Its length.</param>
public sealed record ImportPart(Digest Digest, long SizeBytes)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="StrakeException">Invalid: it is none.</exception>
    public static ImportPart Parse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && Digest.TryParse(text[..slash], out Digest digest)
            && long.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long sizeBytes)
                ? new ImportPart(digest, sizeBytes)
                : throw StrakeException.Invalid($"invalid part '{text}': it is not DIGEST/BYTES");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Digest}/{SizeBytes}");
}
