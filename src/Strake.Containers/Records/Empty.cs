namespace Strake.Containers;

/// <summary>The <c>{}</c> that Docker's API writes as the value of a set's members.</summary>
public sealed record Empty
{
    /// <summary>The only value.</summary>
    public static Empty Value { get; } = new();
}
