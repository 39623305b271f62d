namespace Strake.Containers;

/// <summary>When the engine starts a container again that has ended.</summary>
/// <param name="Name">Empty, <c>no</c>, <c>always</c>, <c>unless-stopped</c> or <c>on-failure</c>.</param>
/// <param name="MaximumRetryCount">For <c>on-failure</c>: how often at most; 0: without end.</param>
public sealed record RestartPolicy(string? Name = null, int MaximumRetryCount = 0);
