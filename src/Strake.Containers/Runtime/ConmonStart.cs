namespace Strake.Containers.Runtime;

/// <summary>What conmon has to know of a container.</summary>
/// <param name="Id">The container.</param>
/// <param name="LogPath">Its log; null: none is kept.</param>
/// <param name="LogSizeMaxBytes">Size at which the log begins anew; null: never.</param>
/// <param name="Tty">Whether it has a terminal.</param>
/// <param name="Stdin">Whether its stdin is a pipe from conmon; else it is /dev/null.</param>
/// <param name="KeepStdinOpen">Whether its stdin outlives a client's connection.</param>
sealed record ConmonStart(string Id, string? LogPath, long? LogSizeMaxBytes, bool Tty, bool Stdin, bool KeepStdinOpen);
