namespace Strake.Daemon.Server;

/// <summary>What answers a request.</summary>
/// <param name="exchange">The request and its response.</param>
delegate Task RouteHandler(Exchange exchange);
