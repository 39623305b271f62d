using System.Net;

namespace Strake.Images;

/// <summary>The way to registries: one for an engine. Makes nothing before it is asked for something; thread-safe.</summary>
/// <example><code>
/// using var client = new RegistryClient(new RegistryClientOptions { InsecureRegistries = ["10.0.0.0/8"] });
/// var repository = client.Open(ImageReference.Parse("registry.example/team/app"), RegistryCredentials.Parse(header));
/// </code></example>
public sealed class RegistryClient : IDisposable
{
    readonly RegistryClientOptions options;
    readonly RegistryHandlers handlers;
    readonly RegistryTransport transport;
    readonly RegistryHosts hosts;
    readonly PlainHosts plainHosts = new();

    /// <summary>A client with its own connections.</summary>
    /// <param name="options">How registries are reached.</param>
    public RegistryClient(RegistryClientOptions options)
    {
        this.options = options;
        handlers = new RegistryHandlers(options);
        transport = new RegistryTransport(handlers, options);
        hosts = new RegistryHosts(options);
    }

    /// <summary>Opens a repository. Asks nobody yet: whether it exists is known by the first request.</summary>
    /// <param name="name">The repository; tag and digest do not matter.</param>
    /// <param name="credentials">Who asks; null: nobody in particular. They are shown to the registry and to the token server that it names.</param>
    /// <returns>The repository, for one caller's requests. It has nothing to be disposed.</returns>
    public IRemoteRepository Open(ImageReference name, RegistryCredentials? credentials)
    {
        var repository = name.WithoutTag();
        return new RemoteRepository(repository, async ct => [.. from host in await hosts.FindAsync(repository.Domain, ct) select Connect(host, credentials)], options);
    }

    /// <summary>Shows credentials to their registry, as <c>docker login</c> does.</summary>
    /// <param name="credentials">Whose <see cref="RegistryCredentials.ServerAddress"/> is the registry; Docker Hub where there is none.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="StrakeException">Unauthorized: the registry does not take them. Unavailable: it cannot be reached, or is none.</exception>
    public async Task<RegistryLogin> VerifyCredentialsAsync(RegistryCredentials credentials, CancellationToken cancellationToken)
    {
        var host = (await hosts.FindAsync(DomainOf(credentials.ServerAddress), cancellationToken))[^1];
        var connection = Connect(host, credentials);
        var request = new RegistryRequest(HttpMethod.Get, "", "") { IsLogin = true };
        try
        {
            return await connection.SendAsync(request, ReadAsync, cancellationToken);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.Unauthorized)
        {
            throw StrakeException.Unauthorized($"Get \"{RegistryAddress.Shown(host.Root)}\": {e.Message}", e);
        }

        Task<RegistryLogin> ReadAsync(HttpResponseMessage response)
        {
            var answered = $"{RegistryAddress.Shown(response.RequestMessage!.RequestUri!)} failed with status: {(int)response.StatusCode} {response.ReasonPhrase}";
            return response.StatusCode switch
            {
                HttpStatusCode.OK => Task.FromResult(new RegistryLogin(connection.RefreshToken)),
                HttpStatusCode.Unauthorized => throw StrakeException.Unauthorized($"login attempt to {answered}"),
                _ => throw StrakeException.Unavailable($"login attempt to {answered}"),
            };
        }
    }

    /// <summary>Closes all connections; transfers under way fail.</summary>
    public void Dispose() => handlers.Dispose();

    RegistryConnection Connect(RegistryHost host, RegistryCredentials? credentials)
    {
        // A mirror is somebody else.
        var shown = host.IsOrigin ? credentials : null;
        var access = new RegistryAccess(shown, new TokenServer(shown, transport, host.Tls, options), options.Time);
        return new RegistryConnection(host, transport, access, plainHosts, options);
    }

    // Clients write it as a host, as an address, or as the one that Docker Hub had in its first version.
    static string DomainOf(string server)
    {
        var scheme = server.IndexOf("://", StringComparison.Ordinal);
        var host = (scheme < 0 ? server : server[(scheme + 3)..]).Split('/')[0];
        return host is "" or "index.docker.io" or "registry-1.docker.io" ? ImageReference.DefaultDomain
            : ReferenceGrammar.IsDomain(host) ? host
            : throw StrakeException.Invalid("the server address of the credentials is not the address of a registry");
    }
}
