namespace Strake.Images;

/// <summary>How far a compressed stream may expand before it is taken for a decompression bomb.</summary>
/// <remarks>
/// gzip reaches 1,032 : 1 at best and zstd far more, and honest layers hold long runs of zeros; so the ratio is only asked once the
/// output is large enough to hurt.
/// </remarks>
public sealed record ExpansionLimit
{
    /// <summary>No limit but the disk's.</summary>
    public static ExpansionLimit None { get; } = new();

    /// <summary>The most bytes that may come out.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>The most bytes that may come out for each that goes in.</summary>
    public long MaxRatio { get; init; } = long.MaxValue;

    /// <summary>The output from which on <see cref="MaxRatio"/> holds; bytes.</summary>
    public long RatioFromBytes { get; init; } = 1L << 30;

    /// <summary>Whether that much output of that much input is within the limit.</summary>
    /// <param name="inputBytes">Bytes that went in so far.</param>
    /// <param name="outputBytes">Bytes that came out so far.</param>
    public bool Allows(long inputBytes, long outputBytes) =>
        outputBytes <= MaxBytes && (outputBytes <= RatioFromBytes || outputBytes / MaxRatio <= inputBytes);
}
