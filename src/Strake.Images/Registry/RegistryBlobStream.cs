using System.Net;

namespace Strake.Images;

/// <summary>
/// A blob on its way from a registry. Where the connection breaks it goes on at the byte where it was, at the next host if it was a
/// mirror's; it gives exactly the bytes up to the blob's size, or throws.
/// </summary>
/// <remarks>Whether they are the right ones is for who reads them to verify.</remarks>
sealed class RegistryBlobStream : ForwardStream
{
    readonly RegistryBlobSource source;
    readonly long sizeBytes;
    readonly RegistryClientOptions options;
    readonly RegistryRetry retry;
    long at;
    Stream? body;
    bool saysLength;

    /// <param name="source">Opens the blob at an offset.</param>
    /// <param name="sizeBytes">The blob's size.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="options">Times and bounds.</param>
    public RegistryBlobStream(RegistryBlobSource source, long sizeBytes, long offset, RegistryClientOptions options)
    {
        (this.source, this.sizeBytes, this.options, at) = (source, sizeBytes, options, offset);
        retry = new RegistryRetry(options, options.Attempts);
    }

    /// <summary>Opens it, if there is anything left to read.</summary>
    /// <exception cref="StrakeException">As <see cref="IRemoteRepository.OpenBlobAsync"/>.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        while (body is null && at < sizeBytes) await TryOpenAsync(cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="StrakeException">Unavailable: it broke too often in a row. DataLoss: the registry has another blob of that name.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return 0;
        while (at < sizeBytes)
        {
            await OpenAsync(cancellationToken);
            try
            {
                var count = await body!.ReadAsync(buffer[..(int)Math.Min(buffer.Length, sizeBytes - at)], cancellationToken);
                if (count == 0) throw new IOException($"the transfer ended after {at} of {sizeBytes} bytes");
                at += count;
                retry.Progress();
                if (at == sizeBytes) await FinishAsync(cancellationToken);
                return count;
            }
            catch (Exception e) when (RegistryRetry.IsNetwork(e))
            {
                await CloseAsync();
                await RecoverAsync(e, cancellationToken);
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) body?.Dispose();
        base.Dispose(disposing);
    }

    async Task TryOpenAsync(CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await source.OpenAsync(at, sizeBytes, cancellationToken);
            var opened = new StallGuardStream(await response.Content.ReadAsStreamAsync(cancellationToken), options.StallTimeout, options.Time);
            // A registry that does not know ranges sends the blob from its beginning.
            if (response.StatusCode is HttpStatusCode.OK) await SkipAsync(opened, at, cancellationToken);
            (body, saysLength) = (opened, response.Content.Headers.ContentLength is not null);
        }
        catch (Exception e) when (RegistryRetry.IsNetwork(e))
        {
            response?.Dispose();
            await RecoverAsync(e, cancellationToken);
        }
        catch
        {
            response?.Dispose();
            throw;
        }
    }

    async Task RecoverAsync(Exception e, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!source.TryNextHost()) await retry.RecoverAsync(e, source.FailureOf, cancellationToken);
    }

    // A body that says no length may be longer than it has to be: then it is another one.
    async Task FinishAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!saysLength && await body!.ReadAsync(new byte[1], cancellationToken) > 0)
                throw StrakeException.DataLoss($"{source} is longer in its registry than the {sizeBytes} bytes that it has to have");
        }
        catch (Exception e) when (RegistryRetry.IsNetwork(e))
        {
            // All that was wanted is here.
        }

        await CloseAsync();
    }

    static async Task SkipAsync(Stream stream, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(count, 64 << 10)];
        for (var left = count; left > 0;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
            if (read == 0) throw new IOException($"the transfer ended {left} bytes before its continuation");
            left -= read;
        }
    }

    async ValueTask CloseAsync()
    {
        if (body is null) return;
        await body.DisposeAsync();
        body = null;
    }
}
