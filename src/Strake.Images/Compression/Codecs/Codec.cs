namespace Strake.Images.Codecs;

/// <summary>One decoder of one stream, a thin cover over a C library's streaming call.</summary>
/// <remarks>Laws: members or frames in a row are one stream; <see cref="AtEnd"/> is true exactly between two of them.</remarks>
abstract class Codec : IDisposable
{
    /// <summary>The format's name in messages.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the stream may end where it stands.</summary>
    public abstract bool AtEnd { get; }

    /// <summary>Makes a decoder.</summary>
    /// <exception cref="StrakeException">NotSupported: its library is not installed.</exception>
    public static Codec Create(Compression compression) => compression switch
    {
        Compression.Gzip => IsalLibrary.IsUsable ? new IsalGzipCodec() : Load(() => new ZlibGzipCodec(), "gzip", "zlib1g"),
        Compression.Zstd => Load(() => new ZstdCodec(), "zstd", "libzstd1"),
        Compression.Xz => Load(() => new XzCodec(), "xz", "liblzma5"),
        Compression.Bzip2 => Load(() => new Bzip2Codec(), "bzip2", "libbz2-1.0"),
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "There is no decoder for it."),
    };

    /// <summary>Decodes as much as the input has and the output takes. Neither used nor written: it needs more input.</summary>
    /// <param name="input">What follows the bytes used so far.</param>
    /// <param name="output">Not empty.</param>
    /// <param name="last">Whether nothing follows the input.</param>
    /// <param name="consumed">How much of the input was used.</param>
    /// <param name="written">How much output there is.</param>
    /// <exception cref="StrakeException">Invalid: the input is damaged or wants too much memory.</exception>
    public abstract void Decode(ReadOnlySpan<byte> input, Span<byte> output, bool last, out int consumed, out int written);

    /// <summary>Frees the library's state.</summary>
    public abstract void Dispose();

    protected StrakeException Damaged(string reason) => StrakeException.Invalid($"the {Name} stream is damaged: {reason}");

    static Codec Load(Func<Codec> create, string format, string package)
    {
        try
        {
            return create();
        }
        catch (DllNotFoundException missing)
        {
            throw StrakeException.NotSupported($"{format} needs a library that is not installed: install the package {package}", missing);
        }
    }
}
