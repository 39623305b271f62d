using System.Diagnostics.CodeAnalysis;

namespace Strake.State;

/// <summary>What became of a transaction: applied as a whole, or not at all because an expectation did not hold.</summary>
/// <param name="Revision">
/// The revision that the transaction made (its entries' <see cref="StateEntry.ModRevision"/>); where it changed nothing or failed, the
/// store's revision at which it was decided.
/// </param>
/// <param name="Failed">The first expectation that did not hold; null when all held.</param>
public sealed record CommitResult(long Revision, FailedExpectation? Failed = null)
{
    /// <summary>True when every expectation held and the changes are made.</summary>
    [MemberNotNullWhen(false, nameof(Failed))]
    public bool Succeeded => Failed is null;
}
