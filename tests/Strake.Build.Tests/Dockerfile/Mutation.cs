using System.Text;

namespace Strake.Build.Tests;

/// <summary>Makes inputs of inputs: bytes changed, pieces taken out, doubled, moved in from other files, and what the language reacts to put in.</summary>
static class Mutation
{
    static readonly byte[][] s_tokens =
    [
        .. new[]
        {
            "\"", "'", "\\", "`", "$", "${", "}", "${x:-", "${x#", "${x%%", "${x//", "<<", "<<-", "<<EOF", "<<\"E\" ", "\nEOF\n", "[", "]", "[\"a\"]", "[1]", ",",
            "=", "--", " -- ", " --from=x ", " --mount=type=cache,target=/c ", "#", "\n", "\r\n", "\r", " ", "\t", "\v", "\f", "\u00a0", "\u2003", "\\\n", "`\n", "\\ \n",
            "FROM x AS y\n", "ONBUILD ", "RUN ", "COPY ", "ADD ", "ENV ", "ARG ", "LABEL ", "CMD ", "VOLUME ", "EXPOSE ", "HEALTHCHECK ", "SHELL ", "NONE", "CMD",
            "# escape=`\n", "# syntax=x\n", "#!x\n", "\ufeff", "\0", "é", "🐳", "\ufffd", "*", "?", "/", ":", "1h2m", "99999999999999999999",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff],
        [0xf0, 0x9f],
    ];

    /// <summary>A mutant.</summary>
    /// <param name="seeds">Files to mix; one of them is changed.</param>
    /// <param name="random">What decides.</param>
    public static byte[] Of(IReadOnlyList<byte[]> seeds, Random random)
    {
        var bytes = Piece(seeds[random.Next(seeds.Count)], random);
        for (var i = random.Next(1, 5); i > 0; i--) Change(bytes, seeds, random);
        return [.. bytes];
    }

    // Half of the mutants begin as a few lines: small inputs reach more of the rules in the same time.
    static List<byte> Piece(byte[] seed, Random random)
    {
        var lines = Encoding.Latin1.GetString(seed).Split('\n');
        if (lines.Length < 6 || random.Next(2) == 0) return [.. seed];
        var start = random.Next(lines.Length - 2);
        return [.. "FROM x\n"u8, .. Encoding.Latin1.GetBytes(string.Join('\n', lines[start..Math.Min(lines.Length, start + random.Next(1, 6))]) + "\n")];
    }

    static void Change(List<byte> bytes, IReadOnlyList<byte[]> seeds, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 24), bytes.Count - at));
                break;
            case 2:
                var start = random.Next(bytes.Count + 1);
                bytes.InsertRange(at, bytes.GetRange(start, Math.Min(random.Next(1, 48), bytes.Count - start)));
                break;
            case 3:
                var other = seeds[random.Next(seeds.Count)];
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(1, 64), other.Length - from)).ToArray());
                break;
            default:
                bytes.InsertRange(at, s_tokens[random.Next(s_tokens.Length)]);
                break;
        }
    }
}
