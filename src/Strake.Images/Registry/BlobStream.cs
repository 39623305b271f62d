using System.Net;

namespace Strake.Images;

/// <summary>
/// A blob on its way here. Where the connection breaks, or stands still for too long, it goes on at the byte where it was, from the same
/// host or the next; it ends after exactly the bytes that were announced.
/// </summary>
sealed class BlobStream : ForwardStream
{
    readonly IReadOnlyList<RegistryConnection> hosts;
    readonly RegistryRequest request;
    readonly Descriptor blob;
    readonly RegistryClientOptions options;
    readonly RegistryRetry retry;
    readonly Func<HttpStatusCode, RegistryFault, StrakeException> refuse;
    HttpResponseMessage? response;
    Stream? body;
    int hostIndex;
    long position;

    BlobStream(
        IReadOnlyList<RegistryConnection> hosts, RegistryRequest request, Descriptor blob, long offset, RegistryClientOptions options,
        Func<HttpStatusCode, RegistryFault, StrakeException> refuse)
    {
        (this.hosts, this.request, this.blob, this.options, this.refuse) = (hosts, request, blob, options, refuse);
        position = offset;
        retry = new RegistryRetry(options);
    }

    /// <summary>Opens a blob.</summary>
    /// <param name="hosts">Who may have it, in the order in which they are asked; the last one's refusal counts.</param>
    /// <param name="request">The request for it.</param>
    /// <param name="blob">Its digest and size.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="options">Times and bounds.</param>
    /// <param name="refuse">What a refusal is to a user.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static async Task<Stream> OpenAsync(
        IReadOnlyList<RegistryConnection> hosts, RegistryRequest request, Descriptor blob, long offset, RegistryClientOptions options,
        Func<HttpStatusCode, RegistryFault, StrakeException> refuse, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, blob.SizeBytes);
        var stream = new BlobStream(hosts, request, blob, offset, options, refuse);
        try
        {
            if (offset < blob.SizeBytes) await stream.ConnectAsync(cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (position < blob.SizeBytes && buffer.Length > 0)
        {
            if (body is null) await ConnectAsync(cancellationToken);
            try
            {
                // One byte more than there may be tells a body that does not end.
                var read = await ReadBodyAsync(buffer, cancellationToken);
                if (read > blob.SizeBytes - position) throw TooLong();
                if (read > 0)
                {
                    position += read;
                    retry.Reset();
                    if (position == blob.SizeBytes) await FinishAsync(cancellationToken);
                    return read;
                }

                throw new IOException($"the connection ended after {position} of {blob.SizeBytes} bytes");
            }
            catch (Exception e) when (RegistryRetry.IsNetwork(e))
            {
                await DropAsync();
                await PassAsync(e, asked: null, cancellationToken);
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await DropAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) response?.Dispose();
        base.Dispose(disposing);
    }

    RegistryConnection Source => hosts[hostIndex];

    async Task ConnectAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                response = await Source.SendAuthorizedAsync(request with { From = position }, cancellationToken);
                if (await AcceptAsync(cancellationToken)) return;
            }
            catch (Exception e) when (RegistryRetry.IsNetwork(e))
            {
                await DropAsync();
                await PassAsync(e, asked: null, cancellationToken);
            }
        }
    }

    // True: the body stands at the position. False: another try is due.
    async Task<bool> AcceptAsync(CancellationToken cancellationToken)
    {
        switch (response!.StatusCode)
        {
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange is { From: var from } && from == position:
                body = await response.Content.ReadAsStreamAsync(cancellationToken);
                return true;
            case HttpStatusCode.OK:
                if (response.Content.Headers.ContentLength is { } length && length != blob.SizeBytes)
                    throw StrakeException.DataLoss($"blob {blob.Digest} has {length} bytes in the registry, and {blob.SizeBytes} were announced");
                body = await response.Content.ReadAsStreamAsync(cancellationToken);
                await SkipAsync(position, cancellationToken);
                return true;
            case var status when RegistryRetry.MayPass(status):
                var (asked, fault) = (retry.AskedBy(response), await FaultAsync(cancellationToken));
                await DropAsync();
                await PassAsync(RegistryFailure.Of(status, fault), asked, cancellationToken);
                return false;
            case var status:
                var refusal = refuse(status, await FaultAsync(cancellationToken));
                await DropAsync();
                // A mirror need not have everything.
                if (hostIndex == hosts.Count - 1) throw refusal;
                hostIndex++;
                retry.Reset();
                return false;
        }
    }

    async Task<RegistryFault> FaultAsync(CancellationToken cancellationToken) =>
        RegistryFault.Parse(response!.StatusCode, await BoundedBody.ReadStartAsync(response, RegistryFault.MostBytes, cancellationToken));

    // A registry that does not know ranges sends all of it again.
    async Task SkipAsync(long count, CancellationToken cancellationToken)
    {
        var scratch = new byte[64 << 10];
        while (count > 0)
        {
            var read = await ReadBodyAsync(scratch.AsMemory(0, (int)Math.Min(scratch.Length, count)), cancellationToken);
            if (read == 0) throw new IOException($"the connection ended before byte {position}");
            count -= read;
        }
    }

    async ValueTask<int> ReadBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var pending = body!.ReadAsync(buffer, cancellationToken);
        if (pending.IsCompleted) return await pending;
        var reading = pending.AsTask();
        try
        {
            return await reading.WaitAsync(options.StallTimeout, options.Time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            // Closing the connection is what ends the reading; its buffer is the caller's again only then.
            response!.Dispose();
            await EndOfAsync(reading);
            throw new TimeoutException($"nothing came for {options.StallTimeout.TotalSeconds:0} s", e);
        }
        catch (OperationCanceledException)
        {
            await EndOfAsync(reading);
            throw;
        }
    }

    static async Task EndOfAsync(Task reading) => await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    // Reading on to the end lets the connection be used again, and shows a body that is too long.
    async Task FinishAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await ReadBodyAsync(new byte[1], cancellationToken) > 0) throw TooLong();
        }
        catch (Exception e) when (RegistryRetry.IsNetwork(e))
        {
            // All that was wanted is here.
        }

        await DropAsync();
    }

    async Task DropAsync()
    {
        if (body is not null) await body.DisposeAsync();
        response?.Dispose();
        (body, response) = (null, null);
    }

    async Task PassAsync(Exception e, TimeSpan? asked, CancellationToken cancellationToken)
    {
        if (await retry.WaitAsync(asked, cancellationToken)) return;
        if (hostIndex == hosts.Count - 1)
            throw e as StrakeException ?? RegistryFailure.OfNetwork(HttpMethod.Get, new Uri(Source.Host.Root, request.Target), e);
        hostIndex++;
        retry.Reset();
    }

    StrakeException TooLong() => StrakeException.DataLoss($"blob {blob.Digest} has more than the {blob.SizeBytes} bytes that were announced");
}
