namespace Strake.Daemon.BuildKit;

/// <summary>Which image a client wants to know of.</summary>
/// <param name="Reference">Its name, as the client wrote it.</param>
/// <param name="Platform">For which platform, <c>os/arch[/variant]</c>; null: the host's.</param>
/// <param name="Pull">Whether its registry is asked though it is there.</param>
sealed record ImageQuery(string Reference, string? Platform, bool Pull);
