namespace Strake.Daemon.DockerApi;

/// <summary>A part of the engine with its version.</summary>
sealed record ComponentBody(string Name, string Version, IReadOnlyDictionary<string, string> Details);
