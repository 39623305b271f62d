namespace Strake.Daemon.VolumePlugin;

/// <summary>Any request of the protocol.</summary>
sealed record CallBody(string? Name, string? ID, IReadOnlyDictionary<string, string>? Opts);
