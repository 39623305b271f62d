namespace Strake.Images;

/// <summary>A container that was made from an image.</summary>
/// <param name="ContainerId">Its full ID.</param>
/// <param name="IsRunning">Whether it runs (or is paused) now.</param>
public sealed record ImageUser(string ContainerId, bool IsRunning);
