namespace Strake.Daemon.Server;

/// <summary>A route found for a request.</summary>
/// <param name="Route">The route.</param>
/// <param name="Values">What stood in its template's holes.</param>
/// <param name="Version">The version that the path names, not yet checked; null where it names none.</param>
sealed record RouteMatch(Route Route, RouteValues Values, ApiVersion? Version);
