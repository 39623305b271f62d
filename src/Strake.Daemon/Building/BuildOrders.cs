using Strake.Build;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Daemon.BuildKit.Solving;
using Strake.Images;

namespace Strake.Daemon.Building;

/// <summary>From what a client of BuildKit's protocol says to what the builder is asked for.</summary>
static class BuildOrders
{
    /// <summary>Makes the request.</summary>
    /// <param name="order">The client's order.</param>
    /// <param name="session">The client, asked for log-ins when a registry wants them.</param>
    /// <exception cref="StrakeException">NotSupported: something of it cannot be done.</exception>
    public static BuildRequest RequestOf(SolveOrder order, IBuildSession session)
    {
        Refuse(order);
        return new BuildRequest
        {
            DockerfilePath = order.DockerfilePath,
            Target = order.Target.Length > 0 ? order.Target : null,
            Arguments = order.Arguments.ToDictionary(static one => one.Key, static one => (string?)one.Value, StringComparer.Ordinal),
            Labels = order.Labels,
            NoCache = order.NoCache,
            NoCacheStages = order.NoCacheStages,
            Pull = order.Pull,
            CacheFrom = [.. order.CacheImports.Select(static import => import.Image)],
            Platform = order.Platform,
            Network = order.Network.Length > 0 ? order.Network : null,
            ExtraHosts = [.. order.ExtraHosts.Select(static host => $"{host.Key}:{host.Value}")],
            NamedContexts = order.NamedContexts.ToDictionary(static one => one.Key, static one => one.Value.Kind is NamedContextKind.Image ? one.Value.Value : null, StringComparer.Ordinal),
            FindCredentials = (domain, cancellationToken) => FindCredentialsAsync(session, domain, cancellationToken),
            HostName = order.HostName,
            CgroupParent = order.CgroupParent,
            Limits = [.. order.Ulimits.Select(static limit => new ProcessLimit(limit.Name, limit.Soft, limit.Hard))],
            ShmSizeBytes = order.ShmSizeBytes,
            CacheMountNamespace = order.CacheMountNamespace,
        };
    }

    /// <summary>How the client logs in to a registry; null: not at all.</summary>
    public static async Task<RegistryCredentials?> FindCredentialsAsync(IBuildSession session, string domain, CancellationToken cancellationToken)
    {
        // Docker's own registry is known to clients by the name of its server.
        string host = domain == ImageReference.DefaultDomain ? "registry-1.docker.io" : domain;
        if (await session.FindLoginAsync(host, cancellationToken) is not { } login) return null;
        return login.UserName.Length > 0
            ? new RegistryCredentials { Username = login.UserName, Password = login.Secret }
            : new RegistryCredentials { IdentityToken = login.Secret };
    }

    static void Refuse(SolveOrder order)
    {
        if (order.ContextSubdirectory.Length > 0) throw StrakeException.NotSupported($"a part of a build context ({order.ContextSubdirectory}) is not supported: build from the directory itself");
        if (order.Entitlements.Contains("security.insecure")) throw StrakeException.PermissionDenied("security.insecure: this engine does not let builds do what only the host may");
    }
}
