namespace Strake.Containers.Streams;

/// <summary>
/// Looks for the keys that end a session in what a client types. Bytes that may be the beginning of the keys are held back
/// until it is known that they are not.
/// </summary>
sealed class DetachKeys
{
    const string Default = "ctrl-p,ctrl-q";

    readonly byte[] keys;
    int matched;

    DetachKeys(byte[] keys) => this.keys = keys;

    /// <summary>Parses keys as <c>--detach-keys</c> gives them: single characters and <c>ctrl-x</c>, between commas.</summary>
    /// <param name="text">The keys; null or empty: <c>ctrl-p,ctrl-q</c>.</param>
    /// <exception cref="StrakeException">Invalid: in Docker's words.</exception>
    public static DetachKeys Parse(string? text) =>
        new([.. (text is { Length: > 0 } given ? given : Default).Split(',').Select(key => ParseKey(key, text ?? ""))]);

    /// <summary>Takes what was typed.</summary>
    /// <param name="typed">The bytes.</param>
    /// <param name="passed">Receives what is to be passed on.</param>
    /// <returns>Whether the keys were pressed; what follows them is dropped.</returns>
    public bool Take(ReadOnlySpan<byte> typed, List<byte> passed)
    {
        foreach (byte b in typed)
        {
            if (b != keys[matched])
            {
                passed.AddRange(keys.AsSpan(0, matched));
                matched = 0;
            }

            if (b != keys[matched])
                passed.Add(b);
            else if (++matched == keys.Length)
                return true;
        }

        return false;
    }

    static byte ParseKey(string key, string all)
    {
        const string prefix = "ctrl-";
        if (key.Length == 1 && char.IsAscii(key[0]))
            return (byte)key[0];
        if (key.Length == prefix.Length + 1 && key.StartsWith(prefix, StringComparison.Ordinal))
        {
            // The terminal's control codes: a letter or sign of ASCII's columns 4 to 7 without its upper bits.
            char upper = char.ToUpperInvariant(key[^1]);
            if (upper is >= '@' and <= '_')
                return (byte)(upper & 0x1f);
        }

        throw StrakeException.Invalid($"invalid detach keys ({all}) provided");
    }
}
