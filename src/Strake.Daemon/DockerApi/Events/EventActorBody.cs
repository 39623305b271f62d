namespace Strake.Daemon.DockerApi;

/// <summary>To what an event happened.</summary>
sealed record EventActorBody(string ID, IReadOnlyDictionary<string, string> Attributes);
