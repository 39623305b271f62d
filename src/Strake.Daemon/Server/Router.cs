using Microsoft.AspNetCore.Http;

namespace Strake.Daemon.Server;

/// <summary>Finds the route that a request is for. Of several that match, the one listed first.</summary>
sealed class Router
{
    readonly Dictionary<string, List<Route>> byFirstSegment = new(StringComparer.Ordinal);

    /// <summary>What answers calls, which come over HTTP/2 and have paths of their own; refuses them unless said.</summary>
    public Func<HttpContext, Task> Calls { get; init; } = static http =>
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    };

    /// <summary>Builds the table.</summary>
    /// <param name="routes">All routes; more particular ones before those that would swallow them.</param>
    public Router(IEnumerable<Route> routes)
    {
        foreach (Route route in routes)
        {
            if (!byFirstSegment.TryGetValue(route.Template.FirstSegment, out List<Route>? group))
                byFirstSegment.Add(route.Template.FirstSegment, group = []);
            group.Add(route);
        }
    }

    /// <summary>Looks a request up.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, with or without a version in front.</param>
    /// <returns>The route with what it took from the path; null where there is none, as for a method that the path does not have.</returns>
    public RouteMatch? Find(string method, string path)
    {
        ReadOnlySpan<string> segments = path.TrimStart('/').Split('/');
        ApiVersion? version = null;
        if (ApiVersion.TryParseSegment(segments[0], out ApiVersion asked))
        {
            version = asked;
            segments = segments[1..];
        }

        if (segments.IsEmpty || !byFirstSegment.TryGetValue(segments[0], out List<Route>? group)) return null;
        foreach (Route route in group)
        {
            if (string.Equals(route.Method, method, StringComparison.Ordinal) && route.Template.TryMatch(segments, out RouteValues? values))
                return new RouteMatch(route, values, version);
        }

        return null;
    }
}
