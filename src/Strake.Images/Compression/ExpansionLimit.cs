namespace Strake.Images;

/// <summary>How far a compressed stream may expand before it is taken for a decompression bomb.</summary>
/// <remarks>
/// gzip reaches 1,032 : 1 at best, zstd and bzip2 over 10,000 : 1, and honest layers hold long runs of zeros: a swap file, a database's
/// preallocated files, the disk of a virtual machine. No ratio tells those from a bomb; so the ratio is only asked once there is more output
/// than such files account for, and what is beyond that must have come as something.
/// </remarks>
public sealed record ExpansionLimit
{
    /// <summary>No limit but the disk's.</summary>
    public static ExpansionLimit None { get; } = new();

    /// <summary>
    /// The limit of a layer, and of an archive of layers, unless a user says otherwise: whatever the ratio up to 32 GiB, beyond that 500 : 1,
    /// which a layer that is not almost wholly zeros never reaches, and never more than 1 TiB.
    /// </summary>
    public static ExpansionLimit ForLayers { get; } = new() { MaxBytes = 1L << 40, MaxRatio = 500, RatioFromBytes = 32L << 30 };

    /// <summary>What a user who meant it changes, for the message: the name of a setting; empty: there is none.</summary>
    public string Setting { get; init; } = "";

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

    /// <summary>The limit in words, with the way out.</summary>
    public override string ToString()
    {
        var bytes = MaxBytes == long.MaxValue ? null : $"{MaxBytes} bytes";
        var ratio = MaxRatio == long.MaxValue ? null : $"{MaxRatio} times what came beyond {RatioFromBytes} bytes";
        var limit = string.Join(", and ", new[] { bytes, ratio }.OfType<string>());
        return Setting.Length == 0 ? limit : $"{limit}; if it is meant, raise it by {Setting}";
    }
}
