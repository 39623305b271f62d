namespace Strake.Kubernetes.Decisions.Pods;

/// <summary>What probes have found of a run so far.</summary>
/// <param name="HasStarted">Whether its startup probe has succeeded, or it has none.</param>
/// <param name="IsReady">Whether its readiness probe succeeds, or it has none.</param>
/// <param name="Failure">What liveness or startup failed with, so that it must end; null: nothing.</param>
/// <param name="Grace">How long it has for its end then; null: as long as its pod gives.</param>
public sealed record ProbeState(bool HasStarted, bool IsReady, string? Failure = null, TimeSpan? Grace = null);
