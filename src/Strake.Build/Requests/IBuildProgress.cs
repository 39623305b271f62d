namespace Strake.Build;

/// <summary>Hears how a build goes. Called from several threads.</summary>
public interface IBuildProgress
{
    /// <summary>How many instructions the stages that are needed have.</summary>
    /// <param name="instructions">Their number.</param>
    void Plan(int instructions);

    /// <summary>A step begins.</summary>
    /// <param name="step">The step.</param>
    void Begin(BuildStep step);

    /// <summary>A step's program printed something.</summary>
    /// <param name="step">The step.</param>
    /// <param name="isError">Whether it did so to its standard error.</param>
    /// <param name="text">The bytes; valid until the task completes.</param>
    /// <param name="cancellationToken">Ends the wait for a slow listener.</param>
    ValueTask WriteAsync(BuildStep step, bool isError, ReadOnlyMemory<byte> text, CancellationToken cancellationToken);

    /// <summary>A step is over.</summary>
    /// <param name="step">The step.</param>
    /// <param name="end">How it ended.</param>
    void End(BuildStep step, BuildStepEnd end);

    /// <summary>Something that the user should know.</summary>
    /// <param name="message">A sentence.</param>
    void Warn(string message);
}
