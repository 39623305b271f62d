namespace Strake.Kubernetes.Decisions.Access;

/// <summary>Whether somebody may have a volume: exactly one of these.</summary>
public abstract record AccessDecision
{
    private AccessDecision()
    {
    }

    /// <summary>As asked for.</summary>
    public sealed record Allow : AccessDecision;

    /// <summary>Only for reading: the volume has no mode that permits writing.</summary>
    public sealed record AllowReading : AccessDecision;

    /// <summary>Not now.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refuse(string Reason) : AccessDecision;
}
