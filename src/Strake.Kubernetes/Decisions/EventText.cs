namespace Strake.Kubernetes.Decisions;

/// <summary>What users are told of a decision, in Kubernetes' words.</summary>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Reason">The word that programs look for.</param>
/// <param name="Message">The sentence that users read.</param>
public sealed record EventText(string Type, string Reason, string Message)
{
    /// <summary>An event of the expected course of things.</summary>
    /// <param name="reason">The word that programs look for.</param>
    /// <param name="message">The sentence that users read.</param>
    public static EventText Normal(string reason, string message) => new("Normal", reason, message);

    /// <summary>An event that somebody should look at.</summary>
    /// <param name="reason">The word that programs look for.</param>
    /// <param name="message">The sentence that users read.</param>
    public static EventText Warning(string reason, string message) => new("Warning", reason, message);
}
