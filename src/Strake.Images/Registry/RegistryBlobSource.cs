using System.Net;

namespace Strake.Images;

/// <summary>Where a blob comes from: the first of a registry's hosts that has it, until it fails.</summary>
/// <param name="hosts">The hosts, the registry itself last.</param>
/// <param name="reference">The repository.</param>
/// <param name="blob">Which.</param>
/// <param name="options">Times and bounds.</param>
sealed class RegistryBlobSource(IReadOnlyList<RegistryConnection> hosts, ImageReference reference, Digest blob, RegistryClientOptions options)
{
    readonly RegistryRequest request = new(HttpMethod.Get, $"{reference.Path}/blobs/{blob}", RegistryScope.Pull(reference));
    int current;

    /// <summary>Asks for the blob from an offset on, once.</summary>
    /// <param name="offset">The first byte wanted; below the size.</param>
    /// <param name="sizeBytes">The blob's size.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>206 from the offset, or 200 from the blob's beginning. The caller disposes it.</returns>
    /// <exception cref="StrakeException">NotFound, Unauthorized. DataLoss: the registry has another size of it.</exception>
    /// <exception cref="Exception">What the network throws, see <see cref="RegistryRetry.IsNetwork"/>.</exception>
    public async Task<HttpResponseMessage> OpenAsync(long offset, long sizeBytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await OpenHereAsync(offset, sizeBytes, cancellationToken);
            }
            catch (StrakeException) when (current + 1 < hosts.Count)
            {
                // What a mirror refuses or lies about, the registry may have.
                current++;
            }
        }
    }

    /// <summary>Goes on to the next host.</summary>
    /// <returns>False when it was the registry itself.</returns>
    public bool TryNextHost()
    {
        if (current + 1 >= hosts.Count) return false;
        current++;
        return true;
    }

    /// <summary>What the network's failure is to a user.</summary>
    public StrakeException FailureOf(Exception e) => hosts[current].FailureOf(request, e);

    async Task<HttpResponseMessage> OpenHereAsync(long offset, long sizeBytes, CancellationToken cancellationToken)
    {
        var response = await hosts[current].SendOnceAsync(request with { From = offset }, cancellationToken);
        try
        {
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent)
            {
                ThrowUnlessFits(response, offset, sizeBytes);
                return response;
            }

            var fault = await new BoundedBody(options).ReadFaultAsync(response, cancellationToken);
            throw response.StatusCode is HttpStatusCode.NotFound
                ? StrakeException.NotFound($"{reference.FamiliarName} has no blob {blob} in its registry: {fault.Message}")
                : RegistryFailure.OfPull(reference, fault);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The blob, for messages.</summary>
    public override string ToString() => $"blob {blob} of {reference.FamiliarName}";

    void ThrowUnlessFits(HttpResponseMessage response, long offset, long sizeBytes)
    {
        var headers = response.Content.Headers;
        var isPart = response.StatusCode is HttpStatusCode.PartialContent;
        var size = isPart ? headers.ContentRange?.Length : headers.ContentLength;
        if (size is { } said && said != sizeBytes)
            throw StrakeException.DataLoss($"{this} is {said} bytes long in its registry, and not {sizeBytes}");
        if (isPart && headers.ContentRange?.From != offset)
            throw StrakeException.DataLoss($"the registry of {reference.FamiliarName} sent blob {blob} from byte {headers.ContentRange?.From}, and not from {offset}");
    }
}
