namespace Strake.Daemon.DockerApi;

/// <summary>A storage driver and what it tells of an object.</summary>
sealed record GraphDriverBody(IReadOnlyDictionary<string, string> Data, string Name);
