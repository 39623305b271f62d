namespace Strake.Daemon.DockerApi;

/// <summary>What a push of a tag came to, for clients that read rather than show.</summary>
sealed record PushedBody(string Tag, string Digest, long Size);
