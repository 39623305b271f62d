namespace Strake.Images;

/// <summary>What matters about addresses of the web here. Pure.</summary>
static class RegistryAddress
{
    /// <summary>An address as it may be shown: without names and passwords, and without what follows the question mark, which opens storage.</summary>
    public static string Shown(Uri address) => $"{address.Scheme}://{address.Authority}{address.AbsolutePath}";

    /// <summary>Whether two addresses are of one server: what is meant for it may be shown at both.</summary>
    public static bool IsSameServer(Uri one, Uri other) => one.Scheme == other.Scheme && one.Authority == other.Authority;

    /// <summary>Where an upload goes on.</summary>
    /// <param name="asked">The address that answered.</param>
    /// <param name="location">Its header; absolute, or relative to the address.</param>
    /// <exception cref="StrakeException">Unavailable: it leads where nothing may be sent.</exception>
    public static Uri Next(Uri asked, Uri location)
    {
        var next = new Uri(asked, location);
        // A registry behind a proxy that encrypts for it often does not know that it is reached that way.
        if (asked.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp && next.Host == asked.Host && (next.IsDefaultPort || next.Port == asked.Port))
            next = new UriBuilder(next) { Scheme = Uri.UriSchemeHttps, Port = asked.Port }.Uri;
        ThrowUnlessMayFollow(asked, next);
        return next;
    }

    /// <summary>Refuses to be led away from the web, or from an encrypted connection to a plain one.</summary>
    /// <exception cref="StrakeException">Unavailable.</exception>
    public static void ThrowUnlessMayFollow(Uri from, Uri target)
    {
        if (target.Scheme is not ("http" or "https") || (target.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttps))
            throw StrakeException.Unavailable($"{Shown(from)} leads to {target.Scheme}://{target.Authority}, which is not followed: it is not encrypted, or not of the web");
    }
}
