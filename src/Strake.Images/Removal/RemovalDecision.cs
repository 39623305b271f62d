namespace Strake.Images;

/// <summary>What a removal shall do: all of the steps, in one transaction, or nothing because of a conflict.</summary>
abstract record RemovalDecision
{
    /// <summary>Do this.</summary>
    public sealed record Remove(IReadOnlyList<RemovalStep> Steps) : RemovalDecision;

    /// <summary>Refuse, in Docker's words.</summary>
    public sealed record Refuse(string Message) : RemovalDecision;
}
