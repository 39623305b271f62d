namespace Strake.Containers.Engine;

/// <summary>The network that a running container has joined.</summary>
/// <param name="Name">The network.</param>
/// <param name="Attachment">What it was given.</param>
sealed record JoinedNetwork(string Name, NetworkAttachment Attachment);
