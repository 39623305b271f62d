namespace Strake.State;

/// <summary>
/// Entries by key, in the order of the keys' UTF-8 bytes, which is what SQLite and etcd sort by. That of UTF-16 differs from it in one
/// place: surrogates (characters beyond U+FFFF) sort below U+E000…U+FFFF.
/// </summary>
sealed class EntryOrder : IComparer<StateEntry>
{
    public static readonly EntryOrder Instance = new();

    public int Compare(StateEntry? x, StateEntry? y) => Compare(x!.Key, y!.Key);

    public static int Compare(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        var common = x.CommonPrefixLength(y);
        return common == x.Length || common == y.Length
            ? x.Length - y.Length
            : Rank(x[common]) - Rank(y[common]);
    }

    // Surrogates change places with what lies above them.
    static int Rank(char c) => c < '\ud800' ? c : c >= '\ue000' ? c - 0x800 : c + 0x2000;
}
