namespace Strake.Daemon.DockerApi;

/// <summary>What is known of an image beyond its config.</summary>
sealed record ImageMetadataBody(string LastTagTime);
