namespace Strake.Containers.Streams;

/// <summary>
/// Finds the keys that end a session in what a terminal sends. What belongs to a begun sequence is held back until it
/// is clear whether it becomes one.
/// </summary>
/// <param name="keys">The bytes of the sequence, at least one.</param>
sealed class DetachKeys(byte[] keys)
{
    /// <summary>What users know: ctrl-p, ctrl-q.</summary>
    const string Default = "ctrl-p,ctrl-q";

    int matched;

    /// <summary>Parses <c>ctrl-p,ctrl-q</c>: characters and <c>ctrl-</c> with a letter or one of <c>@[\]^_</c>, separated by commas.</summary>
    /// <param name="text">What the user wrote; null or empty: the default.</param>
    /// <exception cref="StrakeException">Invalid: names the key.</exception>
    public static DetachKeys Parse(string? text)
    {
        string[] names = (string.IsNullOrEmpty(text) ? Default : text).Split(',');
        return new DetachKeys([.. names.Select(KeyOf)]);
    }

    /// <summary>Looks at what was typed.</summary>
    /// <param name="input">What came.</param>
    /// <param name="output">Room for what is to be sent on: as much as the input and the keys together.</param>
    /// <param name="written">How much of it is to be sent on.</param>
    /// <returns>Whether the keys were typed, and the session is over; what came after them is dropped.</returns>
    public bool Scan(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        written = 0;
        foreach (byte typed in input)
        {
            if (typed == keys[matched])
            {
                if (++matched == keys.Length)
                    return true;
                continue;
            }

            keys.AsSpan(0, matched).CopyTo(output[written..]);
            written += matched;
            matched = typed == keys[0] ? 1 : 0;
            if (matched == 0)
                output[written++] = typed;
            else if (keys.Length == 1)
                return true;
        }

        return false;
    }

    /// <summary>How much room <see cref="Scan"/> may need beyond the input.</summary>
    public int Held => keys.Length;

    static byte KeyOf(string name) => name switch
    {
        [var character] when character < 0x80 => (byte)character,
        ['c', 't', 'r', 'l', '-', var letter and >= 'a' and <= 'z'] => (byte)(letter - 'a' + 1),
        ['c', 't', 'r', 'l', '-', '@'] => 0,
        ['c', 't', 'r', 'l', '-', var mark and ('[' or '\\' or ']' or '^' or '_')] => (byte)(mark - '@'),
        _ => throw StrakeException.Invalid($"Invalid detach keys: unknown key \"{name}\"; give characters or ctrl- with a letter or one of @[\\]^_, separated by commas"),
    };
}
