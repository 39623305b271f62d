namespace Strake.Build;

/// <summary>Where in a Dockerfile something is wrong, and what can be done. Exceptions about Dockerfiles carry one.</summary>
/// <param name="Lines">The lines to show.</param>
/// <param name="Hint">What the author can do, as a sentence; null when the message says it all.</param>
/// <example><code>
/// catch (StrakeException e) when (DockerfileFault.Of(e) is { } fault) { Show(file, fault.Lines, e.Message, fault.Hint); }
/// </code></example>
public sealed record DockerfileFault(SourceLines Lines, string? Hint = null)
{
    const string Key = "strake.dockerfile";

    /// <summary>The command line that failed; null where none did.</summary>
    public string? Command { get; init; }

    /// <summary>The exit code of the program that failed; null where none did.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What an exception says of its place; null when it is about no Dockerfile.</summary>
    public static DockerfileFault? Of(Exception exception) => exception.Data[Key] as DockerfileFault;

    /// <summary>Says where an exception belongs, unless it knows already.</summary>
    /// <returns>The same exception.</returns>
    public StrakeException AttachTo(StrakeException exception)
    {
        if (!exception.Data.Contains(Key)) exception.Data[Key] = this;
        return exception;
    }

    /// <summary>A refusal of something in a Dockerfile.</summary>
    internal static StrakeException Invalid(string message, SourceLines lines, string? hint = null) =>
        new DockerfileFault(lines, hint).AttachTo(Invalid(message));

    /// <summary>A refusal whose place the caller adds.</summary>
    internal static StrakeException Invalid(string message) =>
        StrakeException.Invalid(message.Length <= DockerfileLimits.MessageChars ? message : message[..DockerfileLimits.MessageChars] + "…");
}
