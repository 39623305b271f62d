using Strake.Grpc;

namespace Strake.Volumes;

/// <summary>A part of a list, for callers that take it in pieces. What is removed or added between two pieces does not move the rest.</summary>
/// <param name="Entries">The piece.</param>
/// <param name="NextToken">Where the next one begins; empty: this was the last.</param>
sealed record Page<T>(IReadOnlyList<T> Entries, string NextToken)
{
    // Such a token is none that a caller makes up by accident.
    const string TokenPrefix = "from:";

    /// <summary>Cuts a piece out of a list. Pure.</summary>
    /// <param name="all">All, in the order of their ids.</param>
    /// <param name="idOf">An entry's id.</param>
    /// <param name="token">Where the piece begins, as an earlier piece said; empty: at the start.</param>
    /// <param name="most">The most entries of it; 0: all.</param>
    /// <exception cref="GrpcException">Aborted: the token is none, and the caller begins anew. InvalidArgument: less than no entries.</exception>
    public static Page<T> Of(IEnumerable<T> all, Func<T, string> idOf, string token, int most)
    {
        if (most < 0)
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"max_entries is {most}");
        if (token.Length > 0 && !token.StartsWith(TokenPrefix, StringComparison.Ordinal))
            throw new GrpcException(GrpcStatusCode.Aborted, "starting_token is none that this driver gave; begin without one");
        string first = token.Length > 0 ? token[TokenPrefix.Length..] : "";
        IEnumerable<T> rest = all.SkipWhile(entry => string.CompareOrdinal(idOf(entry), first) < 0);
        List<T> piece = [.. most == 0 ? rest : rest.Take(most + 1)];
        if (most == 0 || piece.Count <= most)
            return new Page<T>(piece, "");
        string next = TokenPrefix + idOf(piece[most]);
        piece.RemoveAt(most);
        return new Page<T>(piece, next);
    }
}
