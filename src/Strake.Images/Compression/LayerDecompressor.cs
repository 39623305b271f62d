using Strake.Images.Codecs;

namespace Strake.Images;

/// <summary>Opens a stream whatever it is compressed with.</summary>
public static class LayerDecompressor
{
    /// <summary>
    /// Recognises the compression by its first bytes and gives the plain bytes. What begins like none of them is plain.
    /// </summary>
    /// <param name="source">Read forward only; not closed. Stands at its end when the result was read to its end.</param>
    /// <param name="limit">How far it may expand.</param>
    /// <param name="cancellationToken">Cancels the reading of the first bytes.</param>
    /// <returns>
    /// How it is compressed, and the plain bytes. Reading that stream throws <see cref="StrakeException"/>: Invalid when the source is
    /// damaged, ends too early, has something else behind its end, or needs more memory than we give; TooLarge beyond
    /// <paramref name="limit"/>. The caller disposes it.
    /// </returns>
    /// <exception cref="StrakeException">NotSupported: the library for this compression is not installed; names it.</exception>
    public static async ValueTask<(Compression Compression, Stream Plain)> OpenAsync(
        Stream source, ExpansionLimit limit, CancellationToken cancellationToken)
    {
        var input = new SourceBuffer(source);
        try
        {
            await input.FillAtLeastAsync(CompressionMagic.MaxLength, cancellationToken);
            var compression = CompressionMagic.Recognise(input.Available);
            Stream plain = compression == Compression.None ? new PlainStream(input) : new DecodingStream(input, Codec.Create(compression), limit);
            return (compression, plain);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
