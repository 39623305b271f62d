namespace Strake.Build;

/// <summary>What an item of a pattern takes.</summary>
enum PatternItemKind
{
    /// <summary>One character, itself.</summary>
    Character,

    /// <summary><c>?</c>: one character but a slash.</summary>
    AnyCharacter,

    /// <summary><c>[a-z]</c>: one character of a class.</summary>
    Class,

    /// <summary><c>*</c>: any number of characters but slashes.</summary>
    AnyPart,

    /// <summary><c>**</c> at the end: any number of characters.</summary>
    AnyText,

    /// <summary><c>**/</c>: any number of directories, each with its slash. Two items: here it is decided whether there are any…</summary>
    DirectoriesBegin,

    /// <summary>… and here they are, until a slash.</summary>
    Directories,
}
