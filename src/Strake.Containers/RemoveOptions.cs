namespace Strake.Containers;

/// <summary>How a container is removed.</summary>
/// <param name="Force">Whether a running one is killed first.</param>
/// <param name="Volumes">Whether its anonymous volumes go with it.</param>
public sealed record RemoveOptions(bool Force = false, bool Volumes = false);
