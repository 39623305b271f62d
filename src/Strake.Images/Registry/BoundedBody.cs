namespace Strake.Images;

/// <summary>Reads answers that are small by their nature, whatever the other side makes of that.</summary>
/// <param name="options">Their time is <see cref="RegistryClientOptions.AnswerTimeout"/>, as a whole.</param>
sealed class BoundedBody(RegistryClientOptions options)
{
    /// <summary>Reads a body whole.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="mostBytes">The bound.</param>
    /// <param name="subject">What it is, for the message.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StrakeException">TooLarge: it is over the bound.</exception>
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, int mostBytes, string subject, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > mostBytes) throw TooLarge(subject, mostBytes);
        var body = await ReadStartAsync(response, mostBytes + 1, cancellationToken);
        return body.Length <= mostBytes ? body : throw TooLarge(subject, mostBytes);
    }

    /// <summary>Reads what a registry says about a refusal; what does not come, or not in time, was nothing.</summary>
    public async Task<RegistryFault> ReadFaultAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> body = default;
        try
        {
            body = await ReadStartAsync(response, RegistryFault.MostBytes, cancellationToken);
        }
        catch (Exception e) when (RegistryRetry.IsNetwork(e))
        {
            // The status is what counts.
        }

        return RegistryFault.Of(response, body);
    }

    async Task<ReadOnlyMemory<byte>> ReadStartAsync(HttpResponseMessage response, int mostBytes, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = options.Time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), deadline, options.AnswerTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(deadline.Token);
            using var read = new MemoryStream();
            var buffer = new byte[Math.Min(mostBytes, 16 << 10)];
            while (read.Length < mostBytes)
            {
                var count = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, mostBytes - read.Length)), deadline.Token);
                if (count == 0) break;
                read.Write(buffer, 0, count);
            }

            return read.GetBuffer().AsMemory(0, (int)read.Length);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the answer did not come whole within {options.AnswerTimeout.TotalSeconds:0.#} s", e);
        }
    }

    static StrakeException TooLarge(string subject, int mostBytes) => StrakeException.TooLarge($"{subject} sent more than the {mostBytes} bytes that are read of it");
}
