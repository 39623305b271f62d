using System.Collections.Concurrent;
using System.Globalization;
using Strake.Build;
using Strake.Daemon.BuildKit.Progress;

namespace Strake.Daemon.Building;

/// <summary>Tells a client of BuildKit's protocol how a build goes: its steps that may change files, and those that fail.</summary>
/// <param name="progress">The client.</param>
/// <param name="contexts">Reads the Dockerfile; what is said of it belongs to that step.</param>
sealed class SolveSteps(ISolveProgress progress, SessionContexts contexts) : IBuildProgress
{
    readonly ConcurrentDictionary<BuildStep, ProgressStep> steps = new(ReferenceEqualityComparer.Instance);
    int number;

    /// <summary>The step that failed first; null: none did.</summary>
    public ProgressStep? Failed { get; private set; }

    /// <inheritdoc/>
    public void Plan(int instructions)
    {
        // Names say it: "2/5".
    }

    /// <inheritdoc/>
    public void Begin(BuildStep step)
    {
        if (!step.IsConfig) progress.Begin(Of(step));
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(BuildStep step, bool isError, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        progress.Log(Of(step), isError, text.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void End(BuildStep step, BuildStepEnd end)
    {
        if (step.IsConfig && end.Error is null) return;
        ProgressStep shown = Of(step);
        if (end.Error is not null) Failed ??= shown;
        progress.Complete(shown, end.IsCached, end.Error);
    }

    /// <inheritdoc/>
    public void Warn(string message) => progress.Warn(new ProgressWarning(message) { Step = contexts.Definition?.Digest });

    ProgressStep Of(BuildStep step) => steps.GetOrAdd(step, MakeOf);

    // Two stages may have steps of one name.
    ProgressStep MakeOf(BuildStep step) =>
        ProgressStep.Of(string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref number)} {step.Name}"), step.Name);
}
