using System.Buffers;
using System.Net;
using System.Security.Cryptography;

namespace Strake.Images;

/// <summary>The body of an upload: read once, hashed on its way, sent with a limit on how long the registry may take no byte.</summary>
sealed class UploadContent : HttpContent
{
    const int BlockBytes = 128 << 10;

    readonly Stream source;
    readonly long? sizeBytes;
    readonly RegistryClientOptions options;
    readonly IncrementalHash? hash;

    /// <param name="source">What is sent; disposed by its owner.</param>
    /// <param name="sizeBytes">Its length; null when nobody knows: then it is hashed too.</param>
    /// <param name="options">Times.</param>
    public UploadContent(Stream source, long? sizeBytes, RegistryClientOptions options)
    {
        (this.source, this.sizeBytes, this.options) = (source, sizeBytes, options);
        hash = sizeBytes is null ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        Headers.ContentType = new("application/octet-stream");
        // The length stands in a header only if somebody asks for it.
        if (sizeBytes is { } size) Headers.ContentLength = size;
    }

    /// <summary>Called when the last byte is on its way.</summary>
    public Action? Sent { get; set; }

    /// <summary>Why the content could not be read; null: it could. Not the registry's fault, and no reason to try again.</summary>
    public System.Runtime.ExceptionServices.ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>How many bytes were sent.</summary>
    public long SentBytes { get; private set; }

    /// <summary>The digest of what was sent. Once, after the whole of it, where the length was not known.</summary>
    public Digest TakeDigest() => Digest.FromHash(hash!.GetHashAndReset());

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            while (await ReadAsync(buffer, cancellationToken) is var count and > 0)
            {
                hash?.AppendData(buffer, 0, count);
                stalled.CancelAfter(options.StallTimeout);
                await stream.WriteAsync(buffer.AsMemory(0, count), stop.Token);
                stalled.CancelAfter(Timeout.InfiniteTimeSpan);
                SentBytes += count;
            }
        }
        catch (OperationCanceledException e) when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the registry took no byte within {options.StallTimeout.TotalSeconds:0.#} s", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Sent?.Invoke();
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = sizeBytes ?? 0;
        return sizeBytes is not null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) hash?.Dispose();
        base.Dispose(disposing);
    }

    async ValueTask<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            var count = await source.ReadAsync(buffer.AsMemory(0, BlockBytes), cancellationToken);
            if (sizeBytes is { } size && (SentBytes + count > size || (count == 0 && SentBytes < size)))
                throw StrakeException.DataLoss($"what is to be sent is not the {size} bytes that were said");
            return count;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Failure = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
            throw;
        }
    }
}
