using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Controllers;

/// <summary>A snapshot that a driver has.</summary>
/// <param name="Handle">Its name at the driver.</param>
/// <param name="RestoreSize">The least size of a volume made of it; null when the driver does not say.</param>
/// <param name="CreatedAt">When it was taken.</param>
/// <param name="IsReady">Whether volumes can be made of it.</param>
public sealed record TakenSnapshot(string Handle, Quantity? RestoreSize, DateTimeOffset CreatedAt, bool IsReady = true);
