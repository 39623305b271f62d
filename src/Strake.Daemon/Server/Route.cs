namespace Strake.Daemon.Server;

/// <summary>One operation of an API: a method, a path, what answers it, and the query parameters that it understands.</summary>
/// <param name="Method">The HTTP method, in capitals.</param>
/// <param name="Template">The path, see <see cref="RouteTemplate"/>.</param>
/// <param name="Handler">What answers.</param>
/// <param name="Query">
/// The parameters that the handler reads. Any other that carries a value is refused by name before the handler runs: an option that is
/// silently ignored is worse than one that is missing.
/// </param>
sealed record Route(string Method, RouteTemplate Template, RouteHandler Handler, params string[] Query)
{
    /// <summary>Whether any parameter may be there: for what is refused whatever it is asked with.</summary>
    public bool TakesAnyQuery { get; init; }

    /// <summary>Makes a route from a template's text.</summary>
    public Route(string method, string template, RouteHandler handler, params string[] query)
        : this(method, new RouteTemplate(template), handler, query)
    {
    }
}
