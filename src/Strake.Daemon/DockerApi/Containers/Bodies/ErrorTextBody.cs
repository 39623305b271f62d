namespace Strake.Daemon.DockerApi;

/// <summary>A reason in words.</summary>
sealed record ErrorTextBody(string Message);
