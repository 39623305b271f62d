namespace Strake.Kubernetes.Objects;

/// <summary>Why a call failed, as Kubernetes' clients read it (<c>meta/v1 Status</c>).</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="Reason">In one word: clients act on it.</param>
/// <param name="Message">For a person.</param>
public sealed record ApiStatus(int Code, string Reason, string Message)
{
    /// <summary>The object's name; null: no one object.</summary>
    public string? Name { get; init; }

    /// <summary>The group of the object's kind.</summary>
    public string? Group { get; init; }

    /// <summary>The object's kind, or its plural where Kubernetes has that.</summary>
    public string? Kind { get; init; }

    /// <summary>The object's id; null: unknown.</summary>
    public string? Uid { get; init; }

    /// <summary>What is wrong in detail.</summary>
    public IReadOnlyList<StatusCause> Causes { get; init; } = [];

    /// <summary>Seconds after which a repeat may work; 0: none.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>Where to go on with a list whose version is gone; null: it is not about that.</summary>
    public string? Continue { get; init; }
}
