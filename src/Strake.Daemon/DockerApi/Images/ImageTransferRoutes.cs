using Strake.Daemon.Server;
using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>Images and registries: pull, push, a look into a registry, the check of a log-in.</summary>
/// <param name="images">The images.</param>
/// <param name="registries">The way to registries.</param>
/// <param name="time">The clock of progress lines.</param>
sealed class ImageTransferRoutes(ImageStore images, RegistryClient registries, TimeProvider time)
{
    const string AuthHeader = "X-Registry-Auth";

    /// <summary>The routes; a pull is <c>POST /images/create</c>, which is also an import.</summary>
    public IEnumerable<Route> All =>
    [
        new("POST", "/images/{name...}/push", PushAsync, "tag"),
        new("GET", "/distribution/{name...}/json", InspectAsync),
        new("POST", "/auth", LogInAsync),
    ];

    /// <summary>Pulls an image; without tag and digest all of the repository's, as the client means it.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="name">What it asks for.</param>
    public Task PullAsync(Exchange exchange, string name)
    {
        ImageReference reference = ReadReference(name, exchange.Query.Text("tag"));
        var request = new PullRequest(reference)
        {
            AllTags = reference.IsNameOnly,
            Platform = exchange.Query.Text("platform") is { } platform ? Platform.Parse(platform) : null,
            Credentials = ReadCredentials(exchange),
        };
        return TransferAsync(exchange, (lines, cancel) => images.PullAsync(request, lines, cancel));
    }

    Task PushAsync(Exchange exchange)
    {
        var request = new PushRequest(ReadReference(exchange.Route["name"], exchange.Query.Text("tag"))) { Credentials = ReadCredentials(exchange) };
        return TransferAsync(exchange, (lines, cancel) => images.PushAsync(request, lines, cancel));
    }

    async Task TransferAsync(Exchange exchange, Func<IProgress<TransferProgress>, CancellationToken, Task> transfer)
    {
        // A daemon that goes down does not wait for a slow line: what has come is kept.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        var output = new ProgressStream(exchange);
        await output.RunOrRefuseAsync(async () =>
        {
            await using var lines = new TransferLines(output, time);
            try
            {
                await transfer(lines, stop.Token);
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.Unauthorized)
            {
                throw Refused(e);
            }
            catch (OperationCanceledException e) when (exchange.Stopping.IsCancellationRequested)
            {
                throw StrakeException.Unavailable("the daemon is going down; try again, and it goes on where it was", e);
            }
        });
    }

    async Task InspectAsync(Exchange exchange)
    {
        ImageReference reference = ImageReference.Parse(exchange.Route["name"]).OrLatest();
        RemoteDescription found;
        try
        {
            found = await images.DescribeRemoteAsync(reference, ReadCredentials(exchange), exchange.Aborted);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Unauthorized)
        {
            throw Refused(e);
        }

        var body = new DistributionBody(
            new(found.Manifest.MediaType, found.Manifest.Digest.ToString(), found.Manifest.SizeBytes),
            [.. found.Platforms.Select(platform => new PlatformBody(platform.Architecture, platform.Os, platform.Variant, platform.OsVersion))]);
        await exchange.WriteJsonAsync(body, DockerJson.Plain.DistributionBody);
    }

    static RegistryCredentials? ReadCredentials(Exchange exchange) => RegistryCredentials.Parse(exchange.Http.Request.Headers[AuthHeader]);

    // At 401 the client asks for a name and a password, in the middle of the script that runs it. Docker answers 500 for that reason.
    static StrakeException Refused(StrakeException e) => StrakeException.PermissionDenied(e.Message, e);

    // The client keeps what it was given, or the token that the registry gives for it.
    async Task LogInAsync(Exchange exchange)
    {
        LogInBody body = await exchange.ReadJsonAsync(DockerJson.Plain.LogInBody);
        var credentials = new RegistryCredentials
        {
            Username = body.Username ?? "",
            Password = body.Password ?? "",
            IdentityToken = body.IdentityToken ?? "",
            RegistryToken = body.RegistryToken ?? "",
            ServerAddress = body.ServerAddress ?? "",
        };
        RegistryLogin login = await registries.VerifyCredentialsAsync(credentials, exchange.Aborted);
        await exchange.WriteJsonAsync(new LoggedInBody("Login Succeeded", login.IdentityToken), DockerJson.Plain.LoggedInBody);
    }

    // docker pull x@sha256:… gives the digest as the tag.
    static ImageReference ReadReference(string name, string? tag)
    {
        ImageReference reference = ImageReference.Parse(name);
        return tag switch
        {
            null => reference,
            _ when tag.Contains(':', StringComparison.Ordinal) => ImageReference.Parse($"{reference.Name}@{tag}"),
            _ => reference.WithTag(tag),
        };
    }
}
