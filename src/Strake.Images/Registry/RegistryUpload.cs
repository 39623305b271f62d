using System.Net;
using System.Runtime.ExceptionServices;

namespace Strake.Images;

/// <summary>Sends one blob to a repository, from its beginning each time it is tried (distribution specification, "Pushing blobs").</summary>
/// <param name="connection">The registry.</param>
/// <param name="repository">The repository.</param>
/// <param name="options">Times and bounds.</param>
sealed class RegistryUpload(RegistryConnection connection, ImageReference repository, RegistryClientOptions options)
{
    // The registry forgets an upload by itself in the end; to tell it is a courtesy.
    static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    readonly BoundedBody bodies = new(options);
    readonly string scope = RegistryScope.Push(repository);

    /// <summary>Sends it.</summary>
    /// <param name="blob">Digest and size; null: they are found out while it is sent.</param>
    /// <param name="open">Opens the content.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <returns>Digest and size.</returns>
    /// <exception cref="StrakeException">As <see cref="IRemoteRepository"/>.</exception>
    /// <exception cref="Exception">What <paramref name="open"/> and its streams throw, as it was.</exception>
    public async Task<Descriptor> RunAsync(Descriptor? blob, Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Post, $"{repository.Path}/blobs/uploads/", scope);
        try
        {
            return await new RegistryRetry(options, options.Attempts).RunAsync(
                () => OnceAsync(request, blob, open, cancellationToken), e => connection.FailureOf(request, e), cancellationToken);
        }
        catch (ContentException e)
        {
            e.Cause.Throw();
            throw;
        }
    }

    /// <summary>Has the registry forget an upload that was begun. What comes of that does not matter.</summary>
    /// <param name="place">The upload's address.</param>
    public async Task CancelAsync(Uri place)
    {
        using var deadline = new CancellationTokenSource(s_farewell, options.Time);
        try
        {
            using var response = await connection.SendOnceAsync(new RegistryRequest(HttpMethod.Delete, place.AbsoluteUri, scope), deadline.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or StrakeException || RegistryRetry.IsNetwork(e))
        {
            // The registry forgets it later.
        }
    }

    async Task<Descriptor> OnceAsync(
        RegistryRequest begin, Descriptor? blob, Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        Uri place;
        using (var begun = await connection.SendOnceAsync(begin with { Content = static () => new ByteArrayContent([]) }, cancellationToken))
        {
            await ExpectAsync(begun, static status => status is HttpStatusCode.Accepted, cancellationToken);
            place = PlaceOf(begun) ?? throw StrakeException.Unavailable($"the registry of {repository.FamiliarName} does not say where an upload goes");
        }

        try
        {
            await using var source = await OpenAsync(open, cancellationToken);
            using var content = new UploadContent(source, blob?.SizeBytes, options);
            try
            {
                return blob is null ? await SendUnknownAsync(place, content, cancellationToken) : await SendKnownAsync(place, content, blob, cancellationToken);
            }
            catch (Exception) when (content.Failure is not null)
            {
                throw new ContentException(content.Failure);
            }
        }
        catch
        {
            await CancelAsync(place);
            throw;
        }
    }

    async Task<Descriptor> SendKnownAsync(Uri place, UploadContent content, Descriptor blob, CancellationToken cancellationToken)
    {
        await PutAsync(place, blob.Digest, content, cancellationToken);
        return blob;
    }

    async Task<Descriptor> SendUnknownAsync(Uri place, UploadContent content, CancellationToken cancellationToken)
    {
        using (var sent = await connection.SendOnceAsync(Once(HttpMethod.Patch, place, content), cancellationToken))
        {
            await ExpectAsync(sent, IsSuccess, cancellationToken);
            place = PlaceOf(sent) ?? place;
        }

        var digest = content.TakeDigest();
        using var nothing = new UploadContent(Stream.Null, 0, options);
        await PutAsync(place, digest, nothing, cancellationToken);
        return new Descriptor { Digest = digest, SizeBytes = content.SentBytes };
    }

    async Task PutAsync(Uri place, Digest digest, UploadContent content, CancellationToken cancellationToken)
    {
        // The address is the registry's own: not a character of it is changed.
        var address = new Uri($"{place.AbsoluteUri}{(place.Query.Length > 0 ? '&' : '?')}digest={Uri.EscapeDataString(digest.ToString())}");
        using var response = await connection.SendOnceAsync(Once(HttpMethod.Put, address, content), cancellationToken);
        await ExpectAsync(response, IsSuccess, cancellationToken);
        RegistryAnswer.ThrowUnlessDigestIs(response, digest, $"blob of {repository.FamiliarName}");
    }

    RegistryRequest Once(HttpMethod method, Uri address, HttpContent content) =>
        new(method, address.AbsoluteUri, scope) { Content = () => content, IsRepeatable = false };

    async Task ExpectAsync(HttpResponseMessage response, Func<HttpStatusCode, bool> isExpected, CancellationToken cancellationToken)
    {
        if (!isExpected(response.StatusCode)) throw RegistryFailure.Of(await bodies.ReadFaultAsync(response, cancellationToken));
    }

    static bool IsSuccess(HttpStatusCode status) => status is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices;

    static Uri? PlaceOf(HttpResponseMessage response) => RegistryAnswer.PlaceOf(response);

    static async ValueTask<Stream> OpenAsync(Func<CancellationToken, ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        try
        {
            return await open(cancellationToken);
        }
        catch (Exception e)
        {
            throw new ContentException(ExceptionDispatchInfo.Capture(e));
        }
    }

    // The content's own failure must not be taken for the network's, which has the same types.
    sealed class ContentException(ExceptionDispatchInfo cause) : Exception
    {
        public ExceptionDispatchInfo Cause => cause;
    }
}
