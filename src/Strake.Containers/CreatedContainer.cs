namespace Strake.Containers;

/// <summary>The answer to a create request.</summary>
/// <param name="Id">The new container.</param>
/// <param name="Warnings">What was done otherwise than asked, in sentences for the user.</param>
public sealed record CreatedContainer(string Id, IReadOnlyList<string> Warnings);
