namespace Strake.Daemon.VolumePlugin;

/// <summary>Where the names of volumes are known.</summary>
sealed record ScopeBody(string Scope);
