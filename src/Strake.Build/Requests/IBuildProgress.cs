namespace Strake.Build;

/// <summary>Hears how a build goes. Called from several threads; must not block.</summary>
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
    /// <param name="text">The bytes.</param>
    void Write(BuildStep step, bool isError, ReadOnlySpan<byte> text);

    /// <summary>A step is over.</summary>
    /// <param name="step">The step.</param>
    /// <param name="end">How it ended.</param>
    void End(BuildStep step, BuildStepEnd end);

    /// <summary>Something that the user should know.</summary>
    /// <param name="message">A sentence.</param>
    void Warn(string message);
}
