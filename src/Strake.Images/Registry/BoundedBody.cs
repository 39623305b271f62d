namespace Strake.Images;

/// <summary>Reads answers that are small by their nature, whatever the other side makes of that.</summary>
static class BoundedBody
{
    /// <summary>Reads a body whole.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="mostBytes">The bound.</param>
    /// <param name="subject">What it is, for the message.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StrakeException">TooLarge: it is over the bound.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, int mostBytes, string subject, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > mostBytes) throw TooLarge(subject, mostBytes);
        var body = await ReadStartAsync(response, mostBytes + 1, cancellationToken);
        return body.Length <= mostBytes ? body : throw TooLarge(subject, mostBytes);
    }

    /// <summary>Reads the beginning of a body.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadStartAsync(HttpResponseMessage response, int mostBytes, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var read = new MemoryStream();
        var buffer = new byte[Math.Min(mostBytes, 16 << 10)];
        while (read.Length < mostBytes)
        {
            var count = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, mostBytes - read.Length)), cancellationToken);
            if (count == 0) break;
            read.Write(buffer, 0, count);
        }

        return read.GetBuffer().AsMemory(0, (int)read.Length);
    }

    static StrakeException TooLarge(string subject, int mostBytes) => StrakeException.TooLarge($"{subject} sent more than the {mostBytes} bytes that are read of it");
}
