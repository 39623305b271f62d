namespace Strake.Daemon.DockerApi;

/// <summary>The answer to <c>POST /containers/create</c>.</summary>
sealed record ContainerCreatedBody(string Id, IReadOnlyList<string> Warnings);
