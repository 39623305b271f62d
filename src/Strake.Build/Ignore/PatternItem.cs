namespace Strake.Build;

/// <summary>A part of a pattern.</summary>
/// <param name="Kind">What it takes.</param>
/// <param name="Character">The character; see <see cref="PatternText"/> for bytes that are none.</param>
/// <param name="Ranges">A class's ranges, first and last character each; null for other kinds.</param>
/// <param name="IsNegated">Whether the class is of all other characters. A slash is one of them.</param>
sealed record PatternItem(PatternItemKind Kind, int Character = 0, IReadOnlyList<(int First, int Last)>? Ranges = null, bool IsNegated = false)
{
    /// <summary>Whether a character, taken, leads to the next item.</summary>
    public bool Leads(int character) => Kind switch
    {
        PatternItemKind.Character => character == Character,
        PatternItemKind.AnyCharacter => character != '/',
        PatternItemKind.Class => IsInClass(character),
        PatternItemKind.Directories => character == '/',
        _ => false,
    };

    /// <summary>Whether a character, taken, leaves it at this item.</summary>
    public bool Stays(int character) => Kind switch
    {
        PatternItemKind.AnyPart => character != '/',
        PatternItemKind.AnyText or PatternItemKind.Directories => true,
        _ => false,
    };

    /// <summary>How many items further it is without taking anything, besides this one: none, one, or one and two.</summary>
    public int Skips => Kind switch
    {
        PatternItemKind.AnyPart or PatternItemKind.AnyText => 1,
        PatternItemKind.DirectoriesBegin => 2,
        _ => 0,
    };

    bool IsInClass(int character)
    {
        foreach (var (first, last) in Ranges!)
        {
            if (character >= first && character <= last) return !IsNegated;
        }

        return IsNegated;
    }
}
