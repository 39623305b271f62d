namespace Strake.Daemon.DockerApi;

/// <summary>The layers of an image.</summary>
sealed record RootFsBody(string Type, IReadOnlyList<string> Layers);
