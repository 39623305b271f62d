namespace Strake.Build;

/// <summary>A comment of the form <c># name=value</c> with the name of a parser directive.</summary>
/// <param name="Name"><c>syntax</c>, <c>escape</c> or <c>check</c>.</param>
/// <param name="Value">What follows the equals sign, without blanks around it; a lone blank when there is nothing but blanks.</param>
readonly record struct DirectiveLine(string Name, string Value)
{
    const string Blanks = " \t\n\f\r";

    /// <summary>Reads a line without blanks before it; null when it is no directive.</summary>
    public static DirectiveLine? Parse(ReadOnlySpan<char> line)
    {
        if (!line.StartsWith('#')) return null;
        line = line[1..].TrimStart();
        var name = 0;
        while (name < line.Length && (char.IsAsciiLetter(line[name]) || (name > 0 && char.IsAsciiDigit(line[name])))) name++;
        var rest = line[name..].TrimStart(Blanks);
        if (name == 0 || !rest.StartsWith('=') || rest.Length == 1) return null;
        var value = rest[1..].Trim(Blanks);
        if (value.IsEmpty) value = rest[^1..];
        return line[..name].ToString().ToLowerInvariant() is var key and ("syntax" or "escape" or "check") ? new DirectiveLine(key, value.ToString()) : null;
    }
}
