namespace Strake.Daemon.BuildKit.Progress;

/// <summary>Hears how a solve goes. Called from any thread, in any order; never blocks, never throws.</summary>
/// <remarks>
/// A step is announced, or begun at once; it logs and counts; it is completed once. What is said of a step that was completed, or never
/// announced, is left out. When the solve is over, so are its steps.
/// </remarks>
/// <example><code>
/// var step = ProgressStep.Of("load context", "[internal] load build context");
/// progress.Begin(step);
/// progress.Count(step, "transferring context:", 1024, total: 0, isDone: false);
/// progress.Complete(step, isCached: false, error: null);
/// </code></example>
interface ISolveProgress
{
    /// <summary>A step is known, and will begin later, or not.</summary>
    void Announce(ProgressStep step);

    /// <summary>A step begins.</summary>
    void Begin(ProgressStep step);

    /// <summary>A step printed something.</summary>
    /// <param name="step">The step.</param>
    /// <param name="isError">Whether it did so to its standard error.</param>
    /// <param name="text">The bytes.</param>
    void Log(ProgressStep step, bool isError, ReadOnlySpan<byte> text);

    /// <summary>How far something within a step is.</summary>
    /// <param name="step">The step.</param>
    /// <param name="id">What it is, as clients show it: <c>transferring context:</c>, a layer's digest.</param>
    /// <param name="current">How far; bytes.</param>
    /// <param name="total">Where it ends; 0 when unknown.</param>
    /// <param name="isDone">Whether it has ended.</param>
    void Count(ProgressStep step, string id, long current, long total, bool isDone);

    /// <summary>A step is over.</summary>
    /// <param name="step">The step.</param>
    /// <param name="isCached">Whether its result was known already.</param>
    /// <param name="error">Why it failed; null: it did not.</param>
    void Complete(ProgressStep step, bool isCached, string? error);

    /// <summary>Something that the user should know.</summary>
    void Warn(ProgressWarning warning);

    /// <summary>Where the error lies that the build is about to fail with: the last that is said counts.</summary>
    /// <param name="spot">Lines of the Dockerfile; null where there are none.</param>
    /// <param name="step">The step that failed; null where none did.</param>
    void Blame(SourceSpot? spot, ProgressStep? step);
}
